package io.ppdb.relational.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppdb.relational.type.PostgresTypes.PostgresType;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PostgresTypesTest {
  @Test
  void typesHaveTheNumbersOfPostgres() {
    assertEquals(new PostgresType(23, "int4", 4, 1007), PostgresTypes.of(ColumnType.INTEGER));
    assertEquals(new PostgresType(25, "text", -1, 1009), PostgresTypes.of(ColumnType.TEXT));
    assertEquals(
        new PostgresType(1043, "varchar", -1, 1015), PostgresTypes.of(ColumnType.varchar(7)));
    assertEquals(
        new PostgresType(3807, "_jsonb", -1, 0),
        PostgresTypes.of(ColumnType.array(ColumnType.JSON)));
  }

  @Test
  void modifiersAreThoseThatAttributesHave() {
    assertEquals(-1, PostgresTypes.modifier(ColumnType.TEXT));
    assertEquals(-1, PostgresTypes.modifier(ColumnType.NUMERIC));
    assertEquals(11, PostgresTypes.modifier(ColumnType.varchar(7)));
    assertEquals(983046, PostgresTypes.modifier(ColumnType.decimal(15, 2)));
    assertEquals(983046, PostgresTypes.modifier(ColumnType.array(ColumnType.decimal(15, 2))));
  }

  @Test
  void everyKindIsFoundByANumberOfItsOwn() {
    Set<Integer> seen = new HashSet<>();
    for (TypeKind kind : TypeKind.values()) {
      if (kind != TypeKind.ARRAY) {
        ColumnType type = new ColumnType(kind, ColumnType.UNLIMITED, 0);
        PostgresType known = PostgresTypes.of(type);
        assertEquals(type, PostgresTypes.find(known.oid()));
        assertEquals(ColumnType.array(type), PostgresTypes.find(known.arrayOid()));
        assertTrue(seen.add(known.oid()) && seen.add(known.arrayOid()), kind.name());
      }
    }
    assertEquals(ColumnType.TEXT, PostgresTypes.find(1043));
    assertNull(PostgresTypes.find(26));
  }
}

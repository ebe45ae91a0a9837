package io.ppdb.relational.type;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL calls our types: their numbers (oids), names and lengths, as {@code pg_type} has
 * them and the wire protocol sends them.
 */
public final class PostgresTypes {
  /** The modifier of a type that has no parameters. */
  public static final int NO_MODIFIER = -1;

  /** Modifiers count the four bytes that PostgreSQL keeps before a value of variable length. */
  private static final int HEADER_BYTES = 4;

  private static final int SCALE_BITS = 16;

  private static final Map<Long, ColumnType> BY_OID = byOid();

  private PostgresTypes() {}

  /**
   * A type of PostgreSQL.
   *
   * @param oid its number
   * @param name as {@code pg_type.typname} has it
   * @param length of its values in bytes; -1 if they differ
   * @param arrayOid the number of the type of its arrays
   */
  public record PostgresType(int oid, String name, int length, int arrayOid) {}

  /** The type that stands for {@code type}, whose parameters are in its modifier. */
  public static PostgresType of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> new PostgresType(16, "bool", 1, 1000);
      case SMALLINT -> new PostgresType(21, "int2", 2, 1005);
      case INTEGER -> new PostgresType(23, "int4", 4, 1007);
      case BIGINT -> new PostgresType(20, "int8", 8, 1016);
      case DECIMAL -> new PostgresType(1700, "numeric", -1, 1231);
      case REAL -> new PostgresType(700, "float4", 4, 1021);
      case DOUBLE -> new PostgresType(701, "float8", 8, 1022);
      case VARCHAR ->
          type.precision() == ColumnType.UNLIMITED
              ? new PostgresType(25, "text", -1, 1009)
              : new PostgresType(1043, "varchar", -1, 1015);
      case BYTEA -> new PostgresType(17, "bytea", -1, 1001);
      case DATE -> new PostgresType(1082, "date", 4, 1182);
      case TIME -> new PostgresType(1083, "time", 8, 1183);
      case TIMESTAMP -> new PostgresType(1114, "timestamp", 8, 1115);
      case TIMESTAMPTZ -> new PostgresType(1184, "timestamptz", 8, 1185);
      case INTERVAL -> new PostgresType(1186, "interval", 16, 1187);
      case UUID -> new PostgresType(2950, "uuid", 16, 2951);
      case JSON -> new PostgresType(3802, "jsonb", -1, 3807);
      case ARRAY -> {
        PostgresType element = of(type.elementType());
        yield new PostgresType(element.arrayOid(), "_" + element.name(), -1, 0);
      }
    };
  }

  /**
   * The parameters of {@code type} in one number, or {@link #NO_MODIFIER}; an array's elements'.
   */
  public static int modifier(ColumnType type) {
    ColumnType element = type.element();
    if (element != null) {
      return modifier(element);
    }
    if (type.precision() == ColumnType.UNLIMITED) {
      return NO_MODIFIER;
    }
    return type.kind() == TypeKind.DECIMAL
        ? ((type.precision() << SCALE_BITS) | type.scale()) + HEADER_BYTES
        : type.precision() + HEADER_BYTES;
  }

  /** The type without parameters that has this number, or null if we have none. */
  public static @Nullable ColumnType find(long oid) {
    return BY_OID.get(oid);
  }

  private static Map<Long, ColumnType> byOid() {
    Map<Long, ColumnType> types = new HashMap<>();
    for (TypeKind kind : TypeKind.values()) {
      if (kind != TypeKind.ARRAY) {
        put(types, new ColumnType(kind, ColumnType.UNLIMITED, 0));
      }
    }
    ColumnType sized = ColumnType.varchar(1);
    types.put((long) of(sized).oid(), ColumnType.TEXT);
    types.put((long) of(sized).arrayOid(), ColumnType.array(ColumnType.TEXT));
    return Map.copyOf(types);
  }

  private static void put(Map<Long, ColumnType> types, ColumnType type) {
    types.put((long) of(type).oid(), type);
    types.put((long) of(type).arrayOid(), ColumnType.array(type));
  }
}

package io.ppdb.relational.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DefinitionCodecTest {
  /** A table as the first version of the catalog wrote it: never to be changed. */
  private static final String FORMAT_1 =
      "1501151113fa287075626c69630028740028726f770040286f002876000040402869640028494e54454745520013fe"
          + "1404fd00402870726963650028444543494d414c0015081502052831202b20310000004014004040150228745f"
          + "70726963655f6b657900050504401501050000001503";

  private static TableDefinition table() {
    return new TableDefinition(
        17,
        -5,
        "public",
        "t",
        "row",
        Map.of("o", "v"),
        List.of(
            new ColumnDefinition("id", ColumnType.INTEGER, false, null),
            new ColumnDefinition("price", new ColumnType(TypeKind.DECIMAL, 8, 2), true, "1 + 1")),
        List.of(0),
        List.of(
            new IndexDefinition(
                2, "t_price_key", true, true, false, List.of(new IndexDefinition.Column(1, true)))),
        3);
  }

  @Test
  void tablesOfFormatOneAreRead() {
    assertThat(DefinitionCodec.decode(HexFormat.of().parseHex(FORMAT_1))).isEqualTo(table());
  }

  /** Layouts as they were before columns could be dropped: how many columns each has. */
  @Test
  void layoutsByTheirSizesAreRead() {
    byte[] known = DefinitionCodec.encode(table());
    byte[] sizes =
        new KeyWriter()
            .addEncoded(known, 0, known.length)
            .addLong(5)
            .beginTuple()
            .addLong(1)
            .endTuple()
            .toByteArray();
    assertThat(((TableDefinition) DefinitionCodec.decode(sizes)).layouts())
        .containsExactly(LayoutDefinition.ofFirst(1));
  }

  @Test
  void definitionsComeBackAsTheyWereWritten() {
    TableDefinition full =
        table()
            .withConstraints(
                new TableConstraints(
                    "key",
                    List.of(new CheckDefinition("c", "price > 0")),
                    List.of(
                        new ForeignKeyDefinition(
                            "f",
                            List.of(1, 0),
                            16,
                            2,
                            ForeignKeyDefinition.Action.CASCADE,
                            ForeignKeyDefinition.Action.SET_NULL),
                        new ForeignKeyDefinition(
                            "g",
                            List.of(1, 0),
                            16,
                            0,
                            ForeignKeyDefinition.Action.RESTRICT,
                            ForeignKeyDefinition.Action.NO_ACTION,
                            List.of(0, 1))),
                    List.of(new TableConstraints.Reference(18, 0)),
                    List.of("c")));
    ViewDefinition view =
        new ViewDefinition(20, 3, "public", "v", table().columns(), "SELECT 1", List.of(17L, 19L));
    TableDefinition grown =
        table()
            .withAddedColumn(
                new ColumnDefinition(
                    "no",
                    ColumnType.BIGINT,
                    false,
                    "nextval('s')",
                    ColumnDefinition.Generation.DEFAULT_IDENTITY,
                    "7"));
    SequenceDefinition sequence =
        new SequenceDefinition(
            21, 4, "public", "s", -9, TypeKind.SMALLINT, -1, -2, -5, -1, true, 3, 17);
    TableDefinition indexed =
        table()
            .withIndex(
                new IndexDefinition(
                    3,
                    "i",
                    true,
                    false,
                    true,
                    List.of(
                        new IndexDefinition.Column(1, true),
                        new IndexDefinition.Column(
                            new IndexExpression("id + 1", ColumnType.INTEGER), true),
                        new IndexDefinition.Column(
                            new IndexExpression(
                                "price * 2", new ColumnType(TypeKind.DECIMAL, 9, 2)),
                            false)),
                    "price > 0",
                    List.of(0),
                    false));
    assertThat(indexed.indexExpressions()).hasSize(2);
    assertThat(indexed.indexPredicates()).containsExactly("price > 0");
    assertThat(grown.layouts()).containsExactly(LayoutDefinition.ofFirst(2));
    TableDefinition shrunk = grown.withoutColumn(1);
    assertThat(shrunk.layouts().get(0).slots())
        .containsExactly(
            LayoutDefinition.Slot.of(0),
            LayoutDefinition.Slot.dropped(new ColumnType(TypeKind.DECIMAL, 8, 2)));
    assertThat(shrunk.layouts().get(1).slots())
        .containsExactly(
            LayoutDefinition.Slot.of(0),
            LayoutDefinition.Slot.dropped(new ColumnType(TypeKind.DECIMAL, 8, 2)),
            LayoutDefinition.Slot.of(1));
    for (CatalogObject object :
        List.of(table(), full, view, grown, shrunk, shrunk.withNewRows(), indexed, sequence)) {
      assertThat(DefinitionCodec.decode(DefinitionCodec.encode(object))).isEqualTo(object);
    }
  }

  @Test
  void whatALaterVersionWroteIsRefused() {
    byte[] later = new KeyWriter().addLong(3).addString("table").toByteArray();
    byte[] kind =
        new KeyWriter()
            .addLong(2)
            .addString("galaxy")
            .addLong(16)
            .addLong(1)
            .addString("public")
            .addString("g")
            .toByteArray();
    byte[] known = DefinitionCodec.encode(table());
    byte[] field =
        new KeyWriter()
            .addEncoded(known, 0, known.length)
            .addLong(99)
            .beginTuple()
            .addLong(1)
            .endTuple()
            .toByteArray();
    for (byte[] bytes : List.of(later, kind, field)) {
      assertThatThrownBy(() -> DefinitionCodec.decode(bytes))
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_NOT_SUPPORTED));
    }
  }
}

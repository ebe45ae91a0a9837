package io.ppdb.relational.catalog;

import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An index as an element of its table's definition: a tuple, at whose end there may be fields. */
final class IndexCodec {
  private static final int EXPRESSIONS = 1;

  private static final int PREDICATE = 2;
  private static final int INCLUDED = 3;
  private static final int NULLS_NOT_DISTINCT = 4;

  private IndexCodec() {}

  static void encode(KeyWriter writer, IndexDefinition index) {
    writer.beginTuple().addLong(index.number()).addString(index.name());
    writer.addBoolean(index.unique()).addBoolean(index.constraint()).addBoolean(index.ready());
    writer.beginTuple();
    for (IndexDefinition.Column column : index.columns()) {
      writer.addLong(column.ordinal()).addBoolean(column.descending());
    }
    writer.endTuple();
    encodeFields(writer, index);
    writer.endTuple();
  }

  private static void encodeFields(KeyWriter writer, IndexDefinition index) {
    if (!index.isOfColumns()) {
      writer.addLong(EXPRESSIONS).beginTuple();
      for (IndexDefinition.Column column : index.columns()) {
        IndexExpression expression = column.expression();
        if (expression != null) {
          writer.addString(expression.text());
          TypeCodec.encode(writer, expression.type());
        }
      }
      writer.endTuple();
    }
    if (index.predicate() != null) {
      writer.addLong(PREDICATE).addString(index.predicate());
    }
    if (!index.included().isEmpty()) {
      writer.addLong(INCLUDED).beginTuple();
      index.included().forEach(writer::addLong);
      writer.endTuple();
    }
    if (!index.nullsDistinct()) {
      writer.addLong(NULLS_NOT_DISTINCT).addBoolean(true);
    }
  }

  static IndexDefinition decode(KeyReader reader) {
    reader.beginTuple();
    int number = Math.toIntExact(reader.readLong());
    String name = reader.readString();
    boolean unique = reader.readBoolean();
    boolean constraint = reader.readBoolean();
    boolean ready = reader.readBoolean();
    List<IndexDefinition.Column> columns = new ArrayList<>();
    reader.beginTuple();
    while (TableCodec.hasElement(reader)) {
      columns.add(
          new IndexDefinition.Column(Math.toIntExact(reader.readLong()), reader.readBoolean()));
    }
    reader.endTuple();
    @Nullable String predicate = null;
    List<Integer> included = new ArrayList<>();
    boolean nullsDistinct = true;
    while (TableCodec.hasElement(reader)) {
      int field = Math.toIntExact(reader.readLong());
      switch (field) {
        case EXPRESSIONS -> decodeExpressions(reader, columns);
        case PREDICATE -> predicate = reader.readString();
        case INCLUDED -> {
          reader.beginTuple();
          while (TableCodec.hasElement(reader)) {
            included.add(Math.toIntExact(reader.readLong()));
          }
          reader.endTuple();
        }
        case NULLS_NOT_DISTINCT -> nullsDistinct = !reader.readBoolean();
        default -> throw DefinitionCodec.unknownField(field);
      }
    }
    reader.endTuple();
    return new IndexDefinition(
        number, name, unique, constraint, ready, columns, predicate, included, nullsDistinct);
  }

  /** Puts expressions, in their order, where {@code columns} has none. */
  private static void decodeExpressions(KeyReader reader, List<IndexDefinition.Column> columns) {
    reader.beginTuple();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).ordinal() == IndexDefinition.Column.NO_COLUMN) {
        String text = reader.readString();
        IndexExpression expression = new IndexExpression(text, TypeCodec.decode(reader));
        columns.set(i, new IndexDefinition.Column(expression, columns.get(i).descending()));
      }
    }
    reader.endTuple();
  }
}

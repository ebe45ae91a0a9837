package io.ppdb.relational.catalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyType;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Table definitions as bytes: a tuple in the encoding of keys, so that it describes itself. {@code
 * docs/format/catalog.md} lists its elements.
 */
final class DefinitionCodec {
  private static final long FORMAT = 1;

  private DefinitionCodec() {}

  static byte[] encode(TableDefinition table) {
    KeyWriter writer = new KeyWriter();
    writer.addLong(FORMAT).addLong(table.id()).addLong(table.version());
    writer.addString(table.schema()).addString(table.name()).addString(table.kind());
    writer.beginTuple();
    table.options().forEach((name, value) -> writer.addString(name).addString(value));
    writer.endTuple().beginTuple();
    for (ColumnDefinition column : table.columns()) {
      encodeColumn(writer, column);
    }
    writer.endTuple().beginTuple();
    table.primaryKey().forEach(writer::addLong);
    writer.endTuple().beginTuple();
    for (IndexDefinition index : table.indexes()) {
      encodeIndex(writer, index);
    }
    return writer.endTuple().addLong(table.nextIndexNumber()).toByteArray();
  }

  private static void encodeColumn(KeyWriter writer, ColumnDefinition column) {
    writer.beginTuple().addString(column.name()).addString(column.type().kind().name());
    writer.addLong(column.type().precision()).addLong(column.type().scale());
    writer.addBoolean(column.nullable());
    if (column.defaultExpression() == null) {
      writer.addNull();
    } else {
      writer.addString(column.defaultExpression());
    }
    writer.endTuple();
  }

  private static void encodeIndex(KeyWriter writer, IndexDefinition index) {
    writer.beginTuple().addLong(index.number()).addString(index.name());
    writer.addBoolean(index.unique()).addBoolean(index.constraint()).addBoolean(index.ready());
    writer.beginTuple();
    for (IndexDefinition.Column column : index.columns()) {
      writer.addLong(column.ordinal()).addBoolean(column.descending());
    }
    writer.endTuple().endTuple();
  }

  static TableDefinition decode(byte[] bytes) {
    KeyReader reader = new KeyReader(bytes);
    long format = reader.readLong();
    if (format != FORMAT) {
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "catalog entry of format " + format + "; this version reads format " + FORMAT);
    }
    long id = reader.readLong();
    long version = reader.readLong();
    String schema = reader.readString();
    String name = reader.readString();
    String kind = reader.readString();
    Map<String, String> options = new LinkedHashMap<>();
    reader.beginTuple();
    while (hasElement(reader)) {
      options.put(reader.readString(), reader.readString());
    }
    reader.endTuple().beginTuple();
    List<ColumnDefinition> columns = new ArrayList<>();
    while (hasElement(reader)) {
      columns.add(decodeColumn(reader));
    }
    reader.endTuple().beginTuple();
    List<Integer> primaryKey = new ArrayList<>();
    while (hasElement(reader)) {
      primaryKey.add(Math.toIntExact(reader.readLong()));
    }
    reader.endTuple().beginTuple();
    List<IndexDefinition> indexes = new ArrayList<>();
    while (hasElement(reader)) {
      indexes.add(decodeIndex(reader));
    }
    int nextIndexNumber = Math.toIntExact(reader.endTuple().readLong());
    reader.expectEnd();
    return new TableDefinition(
        id, version, schema, name, kind, options, columns, primaryKey, indexes, nextIndexNumber);
  }

  private static boolean hasElement(KeyReader reader) {
    return reader.peekType() != KeyType.END;
  }

  private static ColumnDefinition decodeColumn(KeyReader reader) {
    reader.beginTuple();
    String name = reader.readString();
    TypeKind kind = TypeKind.valueOf(reader.readString());
    int precision = Math.toIntExact(reader.readLong());
    int scale = Math.toIntExact(reader.readLong());
    boolean nullable = reader.readBoolean();
    @Nullable String defaultExpression = reader.readNull() ? null : reader.readString();
    reader.endTuple();
    return new ColumnDefinition(
        name, new ColumnType(kind, precision, scale), nullable, defaultExpression);
  }

  private static IndexDefinition decodeIndex(KeyReader reader) {
    reader.beginTuple();
    int number = Math.toIntExact(reader.readLong());
    String name = reader.readString();
    boolean unique = reader.readBoolean();
    boolean constraint = reader.readBoolean();
    boolean ready = reader.readBoolean();
    List<IndexDefinition.Column> columns = new ArrayList<>();
    reader.beginTuple();
    while (hasElement(reader)) {
      columns.add(
          new IndexDefinition.Column(Math.toIntExact(reader.readLong()), reader.readBoolean()));
    }
    reader.endTuple().endTuple();
    return new IndexDefinition(number, name, unique, constraint, ready, columns);
  }
}

package io.ppdb.relational.catalog;

import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;

/** Types as elements of definitions: a kind, of an array that of its elements, and two numbers. */
final class TypeCodec {
  private static final String ARRAY_SUFFIX = "[]";

  private TypeCodec() {}

  static void encode(KeyWriter writer, ColumnType type) {
    ColumnType element = type.element();
    ColumnType measured = element == null ? type : element;
    writer.addString(measured.kind().name() + (element == null ? "" : ARRAY_SUFFIX));
    writer.addLong(measured.precision()).addLong(measured.scale());
  }

  static ColumnType decode(KeyReader reader) {
    String name = reader.readString();
    boolean isArray = name.endsWith(ARRAY_SUFFIX);
    String kind = isArray ? name.substring(0, name.length() - ARRAY_SUFFIX.length()) : name;
    int precision = Math.toIntExact(reader.readLong());
    int scale = Math.toIntExact(reader.readLong());
    ColumnType type = new ColumnType(TypeKind.valueOf(kind), precision, scale);
    return isArray ? ColumnType.array(type) : type;
  }
}

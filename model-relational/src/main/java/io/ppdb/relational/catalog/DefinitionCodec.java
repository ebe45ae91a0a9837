package io.ppdb.relational.catalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Definitions as bytes: a tuple in the encoding of keys, so that it describes itself. {@code
 * docs/format/catalog.md} lists its elements. Format 1, which had tables only, is read for ever.
 */
final class DefinitionCodec {
  private static final long TABLES_ONLY = 1;
  private static final long FORMAT = 2;

  private static final String TABLE = "table";
  private static final String VIEW = "view";
  private static final String SEQUENCE = "sequence";

  private DefinitionCodec() {}

  static byte[] encode(CatalogObject object) {
    KeyWriter writer = new KeyWriter();
    writer
        .addLong(FORMAT)
        .addString(object instanceof TableDefinition ? TABLE : object.kindName())
        .addLong(object.id())
        .addLong(object.version());
    writer.addString(object.schema()).addString(object.name());
    if (object instanceof TableDefinition table) {
      TableCodec.encode(writer, table);
    } else if (object instanceof ViewDefinition view) {
      encodeView(writer, view);
    } else {
      encodeSequence(writer, (SequenceDefinition) object);
    }
    return writer.toByteArray();
  }

  static CatalogObject decode(byte[] bytes) {
    KeyReader reader = new KeyReader(bytes);
    long format = reader.readLong();
    if (format != FORMAT && format != TABLES_ONLY) {
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "catalog entry of format " + format + "; this version reads formats 1 to " + FORMAT);
    }
    String kind = format == TABLES_ONLY ? TABLE : reader.readString();
    long id = reader.readLong();
    long version = reader.readLong();
    String schema = reader.readString();
    String name = reader.readString();
    CatalogObject object =
        switch (kind) {
          case TABLE -> TableCodec.decode(reader, id, version, schema, name);
          case VIEW -> decodeView(reader, id, version, schema, name);
          case SEQUENCE -> decodeSequence(reader, id, version, schema, name);
          default ->
              throw new PpdbException(
                  ErrorCode.FORMAT_NOT_SUPPORTED,
                  "catalog entry of kind \"" + kind + "\", which this version does not know");
        };
    reader.expectEnd();
    return object;
  }

  private static void encodeView(KeyWriter writer, ViewDefinition view) {
    writer.addString(view.query()).beginTuple();
    view.columns().forEach(column -> TableCodec.encodeColumn(writer, column));
    writer.endTuple().beginTuple();
    view.dependencies().forEach(writer::addLong);
    writer.endTuple();
  }

  private static ViewDefinition decodeView(
      KeyReader reader, long id, long version, String schema, String name) {
    String query = reader.readString();
    List<ColumnDefinition> columns = new ArrayList<>();
    reader.beginTuple();
    while (TableCodec.hasElement(reader)) {
      columns.add(TableCodec.decodeColumn(reader));
    }
    List<Long> dependencies = new ArrayList<>();
    reader.endTuple().beginTuple();
    while (TableCodec.hasElement(reader)) {
      dependencies.add(reader.readLong());
    }
    reader.endTuple();
    return new ViewDefinition(id, version, schema, name, columns, query, dependencies);
  }

  private static void encodeSequence(KeyWriter writer, SequenceDefinition sequence) {
    writer.addLong(sequence.stateId()).addString(sequence.type().name());
    writer.addLong(sequence.start()).addLong(sequence.increment());
    writer.addLong(sequence.minimum()).addLong(sequence.maximum());
    writer.addBoolean(sequence.cycles()).addLong(sequence.cache()).addLong(sequence.ownerId());
  }

  private static SequenceDefinition decodeSequence(
      KeyReader reader, long id, long version, String schema, String name) {
    return new SequenceDefinition(
        id,
        version,
        schema,
        name,
        reader.readLong(),
        TypeKind.valueOf(reader.readString()),
        reader.readLong(),
        reader.readLong(),
        reader.readLong(),
        reader.readLong(),
        reader.readBoolean(),
        reader.readLong(),
        reader.readLong());
  }

  /** A later version's field: what it says must not be lost. */
  static PpdbException unknownField(int field) {
    return new PpdbException(
        ErrorCode.FORMAT_NOT_SUPPORTED,
        "catalog entry with field " + field + ", which this version does not know");
  }
}

package io.ppdb.relational.catalog;

import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyType;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What only tables have of their definitions: elements of the tuple that {@link DefinitionCodec}
 * begins. What format 2 added are fields: a number, then a value, left out where there is nothing.
 */
final class TableCodec {
  private static final int CHECKS = 1;
  private static final int FOREIGN_KEYS = 2;
  private static final int REFERENCES = 3;
  private static final int PRIMARY_KEY_NAME = 4;

  /** How many columns each older layout has; later versions write {@link #LAYOUTS}. */
  private static final int LAYOUT_SIZES = 5;

  private static final int LAYOUTS = 6;
  private static final int ROWS_NUMBER = 7;
  private static final int PENDING = 8;

  /** Of each foreign key, its columns as they were declared, if one has another order. */
  private static final int DECLARED = 9;

  /** Fields of a column. */
  private static final int GENERATION = 1;

  private static final int MISSING = 2;

  private TableCodec() {}

  static void encode(KeyWriter writer, TableDefinition table) {
    writer.addString(table.kind()).beginTuple();
    table.options().forEach((name, value) -> writer.addString(name).addString(value));
    writer.endTuple().beginTuple();
    for (ColumnDefinition column : table.columns()) {
      encodeColumn(writer, column);
    }
    writer.endTuple().beginTuple();
    table.primaryKey().forEach(writer::addLong);
    writer.endTuple().beginTuple();
    for (IndexDefinition index : table.indexes()) {
      IndexCodec.encode(writer, index);
    }
    writer.endTuple().addLong(table.nextIndexNumber());
    encodeConstraints(writer, table.constraints());
    if (!table.layouts().isEmpty()) {
      writer.addLong(LAYOUTS).beginTuple();
      table.layouts().forEach(layout -> encodeLayout(writer, layout));
      writer.endTuple();
    }
    if (table.rowsNumber() != 0) {
      writer.addLong(ROWS_NUMBER).addLong(table.rowsNumber());
    }
  }

  private static void encodeLayout(KeyWriter writer, LayoutDefinition layout) {
    writer.beginTuple();
    for (LayoutDefinition.Slot slot : layout.slots()) {
      ColumnType dropped = slot.droppedType();
      if (dropped == null) {
        writer.addLong(slot.ordinal());
      } else {
        TypeCodec.encode(writer, dropped);
      }
    }
    writer.endTuple();
  }

  private static LayoutDefinition decodeLayout(KeyReader reader) {
    List<LayoutDefinition.Slot> slots = new ArrayList<>();
    reader.beginTuple();
    while (hasElement(reader)) {
      if (reader.peekType() == KeyType.STRING) {
        slots.add(LayoutDefinition.Slot.dropped(TypeCodec.decode(reader)));
      } else {
        slots.add(LayoutDefinition.Slot.of(Math.toIntExact(reader.readLong())));
      }
    }
    reader.endTuple();
    return new LayoutDefinition(slots);
  }

  private static void encodeConstraints(KeyWriter writer, TableConstraints constraints) {
    if (!constraints.checks().isEmpty()) {
      writer.addLong(CHECKS).beginTuple();
      for (CheckDefinition check : constraints.checks()) {
        writer.addString(check.name()).addString(check.expression());
      }
      writer.endTuple();
    }
    if (!constraints.foreignKeys().isEmpty()) {
      writer.addLong(FOREIGN_KEYS).beginTuple();
      constraints.foreignKeys().forEach(key -> encodeForeignKey(writer, key));
      writer.endTuple();
    }
    if (constraints.foreignKeys().stream().anyMatch(key -> !key.declared().equals(key.columns()))) {
      writer.addLong(DECLARED).beginTuple();
      for (ForeignKeyDefinition key : constraints.foreignKeys()) {
        writer.beginTuple();
        key.declared().forEach(writer::addLong);
        writer.endTuple();
      }
      writer.endTuple();
    }
    if (!constraints.references().isEmpty()) {
      writer.addLong(REFERENCES).beginTuple();
      for (TableConstraints.Reference reference : constraints.references()) {
        writer.addLong(reference.tableId()).addLong(reference.keyNumber());
      }
      writer.endTuple();
    }
    if (!constraints.pending().isEmpty()) {
      writer.addLong(PENDING).beginTuple();
      constraints.pending().forEach(writer::addString);
      writer.endTuple();
    }
    if (constraints.primaryKeyName() != null) {
      writer.addLong(PRIMARY_KEY_NAME).addString(constraints.primaryKeyName());
    }
  }

  private static void encodeForeignKey(KeyWriter writer, ForeignKeyDefinition key) {
    writer.addString(key.name()).beginTuple();
    key.columns().forEach(writer::addLong);
    writer.endTuple().addLong(key.parentId()).addLong(key.keyNumber());
    writer.addString(key.onDelete().name()).addString(key.onUpdate().name());
  }

  static void encodeColumn(KeyWriter writer, ColumnDefinition column) {
    writer.beginTuple().addString(column.name());
    TypeCodec.encode(writer, column.type());
    writer.addBoolean(column.nullable());
    if (column.defaultExpression() == null) {
      writer.addNull();
    } else {
      writer.addString(column.defaultExpression());
    }
    if (column.generation() != ColumnDefinition.Generation.NONE) {
      writer.addLong(GENERATION).addString(column.generation().name());
    }
    if (column.missing() != null) {
      writer.addLong(MISSING).addString(column.missing());
    }
    writer.endTuple();
  }

  static TableDefinition decode(
      KeyReader reader, long id, long version, String schema, String name) {
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
      indexes.add(IndexCodec.decode(reader));
    }
    int nextIndexNumber = Math.toIntExact(reader.endTuple().readLong());
    TableDefinition table =
        new TableDefinition(
            id,
            version,
            schema,
            name,
            kind,
            options,
            columns,
            primaryKey,
            indexes,
            nextIndexNumber);
    return decodeFields(reader, table);
  }

  private static TableDefinition decodeFields(KeyReader reader, TableDefinition table) {
    int declared = 0;
    List<String> pending = new ArrayList<>();
    List<LayoutDefinition> layouts = new ArrayList<>();
    int rowsNumber = 0;
    List<CheckDefinition> checks = new ArrayList<>();
    List<ForeignKeyDefinition> foreignKeys = new ArrayList<>();
    List<TableConstraints.Reference> references = new ArrayList<>();
    @Nullable String primaryKeyName = null;
    while (reader.hasNext()) {
      int field = Math.toIntExact(reader.readLong());
      if (field == PRIMARY_KEY_NAME) {
        primaryKeyName = reader.readString();
        continue;
      }
      if (field == ROWS_NUMBER) {
        rowsNumber = Math.toIntExact(reader.readLong());
        continue;
      }
      reader.beginTuple();
      while (hasElement(reader)) {
        switch (field) {
          case CHECKS -> checks.add(new CheckDefinition(reader.readString(), reader.readString()));
          case FOREIGN_KEYS -> foreignKeys.add(decodeForeignKey(reader));
          case REFERENCES ->
              references.add(
                  new TableConstraints.Reference(
                      reader.readLong(), Math.toIntExact(reader.readLong())));
          case LAYOUT_SIZES ->
              layouts.add(LayoutDefinition.ofFirst(Math.toIntExact(reader.readLong())));
          case LAYOUTS -> layouts.add(decodeLayout(reader));
          case PENDING -> pending.add(reader.readString());
          case DECLARED -> {
            foreignKeys.set(declared, foreignKeys.get(declared).withDeclared(ordinals(reader)));
            declared++;
          }
          default -> throw DefinitionCodec.unknownField(field);
        }
      }
      reader.endTuple();
    }
    return new TableBuilder(table)
        .constraints(new TableConstraints(primaryKeyName, checks, foreignKeys, references, pending))
        .layouts(layouts)
        .rowsNumber(rowsNumber)
        .build();
  }

  private static ForeignKeyDefinition decodeForeignKey(KeyReader reader) {
    return new ForeignKeyDefinition(
        reader.readString(),
        ordinals(reader),
        reader.readLong(),
        Math.toIntExact(reader.readLong()),
        ForeignKeyDefinition.Action.valueOf(reader.readString()),
        ForeignKeyDefinition.Action.valueOf(reader.readString()));
  }

  private static List<Integer> ordinals(KeyReader reader) {
    List<Integer> ordinals = new ArrayList<>();
    reader.beginTuple();
    while (hasElement(reader)) {
      ordinals.add(Math.toIntExact(reader.readLong()));
    }
    reader.endTuple();
    return ordinals;
  }

  static boolean hasElement(KeyReader reader) {
    return reader.peekType() != KeyType.END;
  }

  static ColumnDefinition decodeColumn(KeyReader reader) {
    reader.beginTuple();
    String name = reader.readString();
    ColumnType type = TypeCodec.decode(reader);
    boolean nullable = reader.readBoolean();
    @Nullable String defaultExpression = reader.readNull() ? null : reader.readString();
    ColumnDefinition.Generation generation = ColumnDefinition.Generation.NONE;
    @Nullable String missing = null;
    while (hasElement(reader)) {
      int field = Math.toIntExact(reader.readLong());
      switch (field) {
        case GENERATION -> generation = ColumnDefinition.Generation.valueOf(reader.readString());
        case MISSING -> missing = reader.readString();
        default -> throw DefinitionCodec.unknownField(field);
      }
    }
    reader.endTuple();
    return new ColumnDefinition(name, type, nullable, defaultExpression, generation, missing);
  }
}

package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.ColumnDefinitionNode;
import io.ppdb.relational.parser.CreateIndexNode;
import io.ppdb.relational.parser.CreateTableNode;
import io.ppdb.relational.parser.DropNode;
import io.ppdb.relational.parser.KeyConstraintNode;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableKind;
import io.ppdb.relational.storage.IndexBackfill;
import io.ppdb.relational.storage.RowTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** CREATE and DROP of tables and indexes. Thread-safe. */
final class DefinitionStatements {
  private static final String KIND_OPTION = "kind";

  private final Catalog catalog;
  private final QueryPlanner planner;

  DefinitionStatements(Catalog catalog, QueryPlanner planner) {
    this.catalog = catalog;
    this.planner = planner;
  }

  /** Runs a schema change in the transaction of {@code session}, or in its own. */
  void run(SqlNode node, RelationalSession session) {
    if (node instanceof CreateTableNode create) {
      session.inTransaction(transaction -> createTable(create, transaction));
    } else if (node instanceof CreateIndexNode create) {
      createIndex(create, session);
    } else if (node instanceof DropNode drop) {
      session.inTransaction(transaction -> drop(drop, transaction));
      if (session.transaction() == null) {
        catalog.removeDropped();
      }
    } else {
      throw new PpdbException(ErrorCode.NOT_SUPPORTED, node.getKind().sql + " is not supported");
    }
  }

  private boolean createTable(CreateTableNode node, Transaction transaction) {
    String schema = schema(node.name());
    String name = simpleName(node.name());
    if (catalog.exists(transaction, schema, name)) {
      if (node.isIfNotExists()) {
        return false;
      }
      throw new PpdbException(
          ErrorCode.DUPLICATE_TABLE, "relation \"" + name + "\" already exists" + at(node.name()));
    }
    Map<String, String> options = new LinkedHashMap<>(node.options());
    String kindName = options.remove(KIND_OPTION);
    TableKind kind = catalog.kind(kindName == null ? TableDefinition.ROW_KIND : kindName);
    List<ColumnDefinition> columns = columns(node, transaction);
    TableDefinition table =
        new TableDefinition(
            catalog.allocateId(transaction),
            0,
            schema,
            name,
            kind.name(),
            options,
            columns,
            List.of(),
            List.of(),
            IndexBackfill.FIRST_INDEX);
    for (KeyConstraintNode key : node.keys()) {
      table = withKey(table, key);
    }
    TableDefinition defined = kind.define(table);
    kind.prepare(defined, catalog.store());
    catalog.create(transaction, defined);
    return true;
  }

  private List<ColumnDefinition> columns(CreateTableNode node, Transaction transaction) {
    CatalogView view = new CatalogView(catalog, transaction);
    List<ColumnDefinition> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ColumnDefinitionNode column : node.columns()) {
      String name = column.name().getSimple();
      if (!names.add(name)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + name + "\" specified more than once" + at(column));
      }
      ColumnDefinition definition =
          new ColumnDefinition(
              name,
              planner.typeOf(view, column.type()),
              !column.isNotNull(),
              text(column.defaultValue()));
      if (column.defaultValue() != null) {
        planner.checkExpression(view, column.defaultValue(), definition.type());
      }
      columns.add(definition);
    }
    if (columns.isEmpty()) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION, "a table needs at least one column" + at(node.name()));
    }
    return columns;
  }

  private static @Nullable String text(@Nullable SqlNode expression) {
    return expression == null
        ? null
        : expression
            .toSqlString(
                config -> config.withDialect(AnsiSqlDialect.DEFAULT).withQuoteAllIdentifiers(false))
            .getSql();
  }

  private static TableDefinition withKey(TableDefinition table, KeyConstraintNode key) {
    List<Integer> ordinals = new ArrayList<>();
    for (SqlIdentifier column : key.columns()) {
      int ordinal = ordinal(table, column);
      if (ordinals.contains(ordinal)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + column + "\" appears twice in a key" + at(column));
      }
      ordinals.add(ordinal);
    }
    if (!key.isPrimary()) {
      String name =
          key.name() == null
              ? freeName(table, baseName(table, ordinals) + "_key")
              : key.name().getSimple();
      List<IndexDefinition.Column> columns =
          ordinals.stream().map(ordinal -> new IndexDefinition.Column(ordinal, false)).toList();
      return table.withIndex(
          new IndexDefinition(table.nextIndexNumber(), name, true, true, true, columns));
    }
    if (table.hasPrimaryKey()) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "multiple primary keys for table \"" + table.name() + "\" are not allowed" + at(key));
    }
    List<ColumnDefinition> columns = new ArrayList<>(table.columns());
    for (int ordinal : ordinals) {
      columns.set(ordinal, columns.get(ordinal).withNullable(false));
    }
    return table.withColumns(columns).withPrimaryKey(ordinals);
  }

  private static String baseName(TableDefinition table, List<Integer> ordinals) {
    StringBuilder name = new StringBuilder(table.name());
    for (int ordinal : ordinals) {
      name.append('_').append(table.column(ordinal).name());
    }
    return name.toString();
  }

  private static String freeName(TableDefinition table, String base) {
    String name = base;
    for (int i = 1; table.index(name) != null; i++) {
      name = base + i;
    }
    return name;
  }

  private static int ordinal(TableDefinition table, SqlIdentifier column) {
    int ordinal = table.columnIndex(column.getSimple());
    if (ordinal < 0) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + column.getSimple() + "\" does not exist" + at(column));
    }
    return ordinal;
  }

  /**
   * Outside a transaction an index is built beside other users: first it is written but not read,
   * then it is filled in small transactions, then it is ready. Inside one it can only be built for
   * a table that nobody else knows yet.
   */
  private void createIndex(CreateIndexNode node, RelationalSession session) {
    if (session.transaction() != null) {
      session.inTransaction(transaction -> createIndexAtOnce(node, transaction));
      return;
    }
    TableDefinition table =
        session.inTransaction(transaction -> addIndex(node, transaction, /* ready= */ false));
    if (table == null) {
      return;
    }
    IndexDefinition index = table.indexes().get(table.indexes().size() - 1);
    try {
      RowTable access = (RowTable) catalog.access(table);
      IndexBackfill.run(access, index, catalog.store(), Catalog.epochKey(table.id()));
      session.inTransaction(
          transaction -> {
            TableDefinition current = requireTable(transaction, node.table()).table();
            return catalog.replace(transaction, current.withReadyIndex(index.name()));
          });
    } catch (RuntimeException e) {
      session.inTransaction(
          transaction -> {
            TableDefinition current = requireTable(transaction, node.table()).table();
            return catalog.dropIndex(transaction, current, index);
          });
      throw e;
    }
  }

  private boolean createIndexAtOnce(CreateIndexNode node, Transaction transaction) {
    TableAccess table = requireTable(transaction, node.table());
    try (Snapshot committed = catalog.store().snapshot()) {
      if (catalog.findVersion(committed, schema(node.table()), table.table().name()) != null) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "CREATE INDEX inside a transaction block on a table created outside of it");
      }
    }
    TableDefinition changed = addIndex(node, transaction, /* ready= */ true);
    if (changed != null) {
      IndexDefinition index = changed.indexes().get(changed.indexes().size() - 1);
      IndexBackfill.fill((RowTable) catalog.access(changed), index, transaction);
    }
    return changed != null;
  }

  /** The table with the new index; null if the index exists and that is fine. */
  private @Nullable TableDefinition addIndex(
      CreateIndexNode node, Transaction transaction, boolean ready) {
    TableDefinition table = requireTable(transaction, node.table()).table();
    List<IndexDefinition.Column> columns = new ArrayList<>();
    for (CreateIndexNode.IndexColumn column : node.columns()) {
      columns.add(new IndexDefinition.Column(ordinal(table, column.name()), column.descending()));
    }
    List<Integer> ordinals = columns.stream().map(IndexDefinition.Column::ordinal).toList();
    SqlIdentifier given = node.name();
    String name =
        given == null ? freeName(table, baseName(table, ordinals) + "_idx") : given.getSimple();
    if (catalog.exists(transaction, table.schema(), name)) {
      if (node.isIfNotExists()) {
        return null;
      }
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT, "relation \"" + name + "\" already exists" + at(node));
    }
    IndexDefinition index =
        new IndexDefinition(table.nextIndexNumber(), name, node.isUnique(), false, ready, columns);
    TableDefinition changed = catalog.kind(table.kind()).define(table.withIndex(index));
    return catalog.replace(transaction, changed);
  }

  private TableAccess requireTable(Transaction transaction, SqlIdentifier name) {
    TableAccess table = catalog.findTable(transaction, schema(name), simpleName(name));
    if (table == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE,
          "relation \"" + simpleName(name) + "\" does not exist" + at(name));
    }
    return table;
  }

  private int drop(DropNode node, Transaction transaction) {
    int count = 0;
    for (SqlIdentifier name : node.names()) {
      count +=
          node.isTable() ? dropTable(node, name, transaction) : dropIndex(node, name, transaction);
    }
    return count;
  }

  private int dropTable(DropNode node, SqlIdentifier name, Transaction transaction) {
    TableAccess table = catalog.findTable(transaction, schema(name), simpleName(name));
    if (table != null) {
      catalog.drop(transaction, table.table());
      return 1;
    }
    if (node.isIfExists()) {
      return 0;
    }
    throw new PpdbException(
        ErrorCode.UNDEFINED_TABLE, "table \"" + simpleName(name) + "\" does not exist" + at(name));
  }

  private int dropIndex(DropNode node, SqlIdentifier name, Transaction transaction) {
    TableAccess access = catalog.findTableOfIndex(transaction, schema(name), simpleName(name));
    IndexDefinition index = access == null ? null : access.table().index(simpleName(name));
    if (access == null || index == null) {
      if (node.isIfExists()) {
        return 0;
      }
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "index \"" + simpleName(name) + "\" does not exist" + at(name));
    }
    if (index.constraint()) {
      throw new PpdbException(
          ErrorCode.DEPENDENT_OBJECTS,
          "cannot drop index "
              + index.name()
              + ": a constraint of table "
              + access.table().name()
              + " requires it");
    }
    catalog.dropIndex(transaction, access.table(), index);
    return 1;
  }

  private static String schema(SqlIdentifier name) {
    if (name.names.size() == 1) {
      return Catalog.DEFAULT_SCHEMA;
    }
    String schema = name.names.get(name.names.size() - 2);
    if (!schema.equals(Catalog.DEFAULT_SCHEMA)) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "schema \"" + schema + "\" does not exist or cannot be changed" + at(name));
    }
    return schema;
  }

  private static String simpleName(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  private static String at(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }
}

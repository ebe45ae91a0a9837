package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.Comments;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.Comments.Subject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.parser.Definition.Kind;
import io.ppdb.relational.spi.TableAccess;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** COMMENT ON. Used for one statement. */
final class CommentStatements {
  private final Change change;

  CommentStatements(Change change) {
    this.change = change;
  }

  void comment(Definition.Comment node) {
    Subject subject =
        switch (node.kind()) {
          case COLUMN -> column(node.name());
          case CONSTRAINT -> constraint(node);
          case INDEX -> index(node.name());
          case SCHEMA -> schema(node.name());
          default -> object(node.kind(), node.name());
        };
    // An empty comment is none, as in PostgreSQL.
    String text = node.text() == null || node.text().isEmpty() ? null : node.text();
    Comments.put(change.transaction(), subject, text);
  }

  private Subject object(Kind kind, SqlIdentifier name) {
    CatalogObject object = change.find(name);
    if (object == null && !change.exists(name)) {
      throw change.missing("relation", name);
    }
    if (object == null || !object.kindName().equals(kind.word())) {
      throw Names.wrongKind(name, kind.word());
    }
    return claimed(object);
  }

  /** What is said of an object that is dropped meanwhile conflicts with that. */
  private Subject claimed(CatalogObject object) {
    change.permissions().requireOwner(object);
    change.transaction().guard(Catalog.epochKey(object.id()));
    return Subject.of(object.id());
  }

  private Subject column(SqlIdentifier name) {
    int last = name.names.size() - 1;
    if (last == 0) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR, "column name must be qualified: table.column" + Change.at(name));
    }
    SqlIdentifier relation = name.skipLast(1);
    CatalogObject object = change.find(relation);
    if (object == null && !change.exists(relation)) {
      throw change.missing("relation", relation);
    }
    String column = name.names.get(last);
    List<ColumnDefinition> columns;
    if (object instanceof TableDefinition table) {
      columns = table.columns();
    } else if (object instanceof ViewDefinition view) {
      columns = view.columns();
    } else {
      throw Names.wrongKind(relation, "table");
    }
    if (columns.stream().noneMatch(each -> each.name().equals(column))) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \""
              + column
              + "\" of relation \""
              + object.name()
              + "\" does not exist"
              + Change.at(name));
    }
    claimed(object);
    return new Subject(object.id(), Part.COLUMN, column);
  }

  private Subject constraint(Definition.Comment node) {
    SqlIdentifier relation = node.relation();
    if (relation == null) {
      throw new IllegalStateException("a constraint belongs to a table");
    }
    TableDefinition table = change.requireTable(relation);
    String name = Names.simple(node.name());
    if (!table.hasConstraint(name)) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "constraint \""
              + name
              + "\" for table \""
              + table.name()
              + "\" does not exist"
              + Change.at(node.name()));
    }
    claimed(table);
    return new Subject(table.id(), Part.CONSTRAINT, name);
  }

  private Subject index(SqlIdentifier name) {
    TableAccess access = change.findTableOfIndex(name);
    if (access == null) {
      throw change.missing("index", name);
    }
    claimed(access.table());
    return new Subject(access.table().id(), Part.INDEX, Names.simple(name));
  }

  private Subject schema(SqlIdentifier name) {
    SchemaDefinition schema = Schemas.guard(change.transaction(), Names.simple(name));
    if (schema == null) {
      throw Change.undefinedSchema(Names.simple(name), name);
    }
    change.permissions().requireOwner(schema);
    return Subject.of(schema.id());
  }
}

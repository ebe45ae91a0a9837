package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.expr.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a relation of {@code pg_catalog}, as they are made for one scan. */
final class Rows {
  private final SystemRelation relation;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /** Makes the rows of a relation. */
  @FunctionalInterface
  interface Writer {
    /** Adds the rows that {@code session} sees of {@code catalog}. */
    void write(CatalogSnapshot catalog, SessionInfo session, Rows rows);
  }

  Rows(SystemRelation relation) {
    this.relation = relation;
  }

  /** A new row, to be filled. */
  Row add() {
    Row row = new Row(relation);
    rows.add(row.values());
    return row;
  }

  List<@Nullable Object[]> list() {
    return rows;
  }
}

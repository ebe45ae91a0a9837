package io.ppdb.relational.planner;

import io.ppdb.relational.spi.TableAccess;
import org.jspecify.annotations.Nullable;

/**
 * A schema whose tables are computed when they are read, and which the catalog does not store.
 * Thread-safe.
 */
public interface SystemSchema {
  /** A table of such a schema. Everybody may read it, and nobody write it. */
  interface Table extends TableAccess {}

  String name();

  /** The table called {@code name}, or null. */
  @Nullable TableAccess table(String name);
}

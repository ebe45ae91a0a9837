package io.ppdb.relational.planner;

import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A schema whose tables, or schemas, are found one by one, when a statement names them. */
final class CatalogSchema extends AbstractSchema {
  private final Lookup<Table> tables;
  private final Lookup<Schema> schemas;

  private CatalogSchema(
      Function<String, @Nullable Table> tables, Function<String, @Nullable Schema> schemas) {
    this.tables = new Finder<>(tables);
    this.schemas = new Finder<>(schemas);
  }

  /** A schema of tables; {@code finder} gives the table of a name, or null. */
  static CatalogSchema ofTables(Function<String, @Nullable Table> finder) {
    return new CatalogSchema(finder, name -> null);
  }

  /** A schema of schemas; {@code finder} gives the schema of a name, or null. */
  static CatalogSchema ofSchemas(Function<String, @Nullable Schema> finder) {
    return new CatalogSchema(name -> null, finder);
  }

  @Override
  public Lookup<Table> tables() {
    return tables;
  }

  @Override
  public Lookup<? extends Schema> subSchemas() {
    return schemas;
  }

  private record Finder<T>(Function<String, @Nullable T> finder) implements Lookup<T> {
    @Override
    public @Nullable T get(String name) {
      return finder.apply(name);
    }

    @Override
    public @Nullable Named<T> getIgnoreCase(String name) {
      return null;
    }

    @Override
    public Set<String> getNames(LikePattern pattern) {
      return Set.of();
    }
  }
}

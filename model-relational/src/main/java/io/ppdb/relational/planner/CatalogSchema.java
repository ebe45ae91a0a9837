package io.ppdb.relational.planner;

import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A schema whose tables are found one by one, when a statement names them. */
final class CatalogSchema extends AbstractSchema {
  private final Lookup<Table> tables;

  /**
   * @param finder gives the table of a name, or null
   */
  CatalogSchema(Function<String, @Nullable Table> finder) {
    this.tables = new TableLookup(finder);
  }

  @Override
  public Lookup<Table> tables() {
    return tables;
  }

  private record TableLookup(Function<String, @Nullable Table> finder) implements Lookup<Table> {
    @Override
    public @Nullable Table get(String name) {
      return finder.apply(name);
    }

    @Override
    public @Nullable Named<Table> getIgnoreCase(String name) {
      return null;
    }

    @Override
    public Set<String> getNames(LikePattern pattern) {
      return Set.of();
    }
  }
}

package io.ppdb.relational.planner;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.JaninoRelMetadataProvider;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/**
 * How Calcite answers what is known of a plan's nodes: row counts, unique columns, orders.
 *
 * <p>By code that it writes and compiles, which is quick, and takes some tenths of a second to come
 * by. Until a warm-up has made it, calls go by reflection, so that a first statement need not wait.
 * Thread-safe.
 */
public final class PlanMetadata {
  private static final List<Class<? extends MetadataHandler<?>>> USED =
      List.of(
          BuiltInMetadata.Collation.Handler.class,
          BuiltInMetadata.ColumnOrigin.Handler.class,
          BuiltInMetadata.ColumnUniqueness.Handler.class,
          BuiltInMetadata.CumulativeCost.Handler.class,
          BuiltInMetadata.DistinctRowCount.Handler.class,
          BuiltInMetadata.ExpressionLineage.Handler.class,
          BuiltInMetadata.MaxRowCount.Handler.class,
          BuiltInMetadata.MinRowCount.Handler.class,
          BuiltInMetadata.NonCumulativeCost.Handler.class,
          BuiltInMetadata.PercentageOriginalRows.Handler.class,
          BuiltInMetadata.PopulationSize.Handler.class,
          BuiltInMetadata.Predicates.Handler.class,
          BuiltInMetadata.RowCount.Handler.class,
          BuiltInMetadata.Selectivity.Handler.class,
          BuiltInMetadata.Size.Handler.class,
          BuiltInMetadata.UniqueKeys.Handler.class);

  private static volatile boolean compiled;

  private PlanMetadata() {}

  /** Held apart, for who never needs it. */
  private static final class Reflection {
    static final MetadataHandlerProvider HANDLERS =
        new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE);
  }

  /** Lets the plans of {@code cluster} be asked. */
  static void addTo(RelOptCluster cluster) {
    if (!compiled) {
      cluster.setMetadataQuerySupplier(() -> new RelMetadataQuery(Reflection.HANDLERS));
    }
  }

  /** Compiles the code; plans made from then on use it. */
  public static void compile() {
    for (Class<? extends MetadataHandler<?>> each : USED) {
      JaninoRelMetadataProvider.DEFAULT.revise(each);
    }
    compiled = true;
  }
}

package io.ppdb.database;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Snapshot;
import io.ppdb.relational.StatisticsRefresh;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.Catalog.ObjectVersion;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.timeseries.SegmentMerger;
import io.ppdb.timeseries.TimeSeriesKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The background work of one database: merges the small segments of its time-series tables, and
 * keeps the statistics fresh that queries are planned by.
 *
 * <p>One daemon thread makes a pass now and then. It looks only at tables that were written since,
 * at no more than {@link #MAX_LOOK_BYTES} from the newest window on and as much again further back,
 * where the pass before left off; and it rests as long as it works. What it changes no view sees,
 * and where it meets a user's transaction it gives way ({@link SegmentMerger}).
 *
 * <p>A table that fails is reported once, and tried again in each pass. {@link #close} waits for
 * the step at hand, which is small; the thread is never interrupted, for that would close the files
 * it reads.
 */
final class Maintenance implements AutoCloseable {
  static final Duration PERIOD = Duration.ofSeconds(10);

  private static final long MAX_LOOK_BYTES = 16 << 20;
  private static final long MAX_WORK_NANOS = 5_000_000;
  private static final System.Logger LOGGER = System.getLogger(Maintenance.class.getName());

  private final KeyValueStore store;
  private final Catalog catalog;
  private final Duration period;
  private final BiConsumer<String, RuntimeException> report;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "ppdb-maintenance");

  // Used by the thread, or by a test without one.
  private final Map<ObjectVersion, Table> tables = new HashMap<>();
  private final StatisticsRefresh statistics;
  private final Map<String, String> statisticsFailures = new HashMap<>();
  private @Nullable String lastFailure;
  private long workingSinceNanos;

  /** How far a table's segments have been looked at. */
  private static final class Table {
    final SegmentMerger merger;

    /** Where the round goes on; empty if none is under way. */
    OptionalLong next = OptionalLong.empty();

    /** The table when the round under way began, and when the last one to end began. */
    @Nullable RangeStatistics roundStatistics;

    @Nullable RangeStatistics doneStatistics;
    @Nullable String failure;

    Table(SegmentMerger merger) {
      this.merger = merger;
    }
  }

  /**
   * Maintenance that has not been started.
   *
   * @param report takes what failed and how
   */
  Maintenance(
      KeyValueStore store,
      Catalog catalog,
      Duration period,
      BiConsumer<String, RuntimeException> report) {
    this.store = store;
    this.catalog = catalog;
    this.period = period;
    this.report = report;
    this.statistics = new StatisticsRefresh(catalog);
    thread.setDaemon(true);
  }

  /** Maintenance that runs until it is closed and reports to the log. */
  static Maintenance start(KeyValueStore store, Catalog catalog, String databaseName) {
    Maintenance maintenance =
        new Maintenance(
            store,
            catalog,
            PERIOD,
            (what, failure) ->
                LOGGER.log(
                    System.Logger.Level.WARNING,
                    "database " + databaseName + ": maintenance of " + what + " failed",
                    failure));
    Thread unused = maintenance.start();
    return maintenance;
  }

  Thread start() {
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    stop.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopsWithin(period.toNanos())) {
      pass();
    }
  }

  /** One look at all tables. */
  void pass() {
    workingSinceNanos = System.nanoTime();
    List<TableDefinition> definitions;
    try (Snapshot snapshot = store.snapshot()) {
      definitions = catalog.tables(snapshot);
      lastFailure = null;
    } catch (RuntimeException e) {
      lastFailure = reportChange("the catalog", lastFailure, e);
      return;
    }
    Set<ObjectVersion> seen = new HashSet<>();
    for (TableDefinition definition : definitions) {
      if (definition.kind().equals(TimeSeriesKind.NAME) && goOn()) {
        ObjectVersion version = new ObjectVersion(definition.id(), definition.version());
        seen.add(version);
        merge(definition, version);
      }
    }
    tables.keySet().retainAll(seen);
    statistics.pass(
        this::goOn,
        (table, failure) ->
            statisticsFailures.compute(
                table, (name, last) -> reportChange("statistics of " + name, last, failure)));
  }

  private void merge(TableDefinition definition, ObjectVersion version) {
    Table table =
        tables.computeIfAbsent(version, unknown -> new Table(new SegmentMerger(definition, store)));
    try {
      merge(table);
      table.failure = null;
    } catch (RuntimeException e) {
      table.failure = reportChange("table " + definition.name(), table.failure, e);
    }
  }

  private void merge(Table table) {
    RangeStatistics now = table.merger.statistics();
    if (now.equals(table.doneStatistics)) {
      return;
    }
    if (table.next.isEmpty()) {
      table.roundStatistics = now;
    }
    OptionalLong older = table.merger.merge(Long.MAX_VALUE, MAX_LOOK_BYTES, this::goOn);
    if (older.isPresent()) {
      long from = table.next.isPresent() ? table.next.getAsLong() : older.getAsLong();
      older = table.merger.merge(from, MAX_LOOK_BYTES, this::goOn);
    }
    table.next = older;
    if (older.isEmpty()) {
      table.doneStatistics = table.roundStatistics;
    }
  }

  /** Tells of a failure that is not the last one again; returns it as text. */
  private String reportChange(String what, @Nullable String last, RuntimeException failure) {
    String text = failure.toString();
    if (!text.equals(last)) {
      report.accept(what, failure);
    }
    return text;
  }

  /** Rests as long as it has worked; false if the work has to end. */
  private boolean goOn() {
    long workedNanos = System.nanoTime() - workingSinceNanos;
    boolean tired = workedNanos > MAX_WORK_NANOS;
    boolean stopping = stopsWithin(tired ? workedNanos : 0);
    if (tired) {
      workingSinceNanos = System.nanoTime();
    }
    return !stopping;
  }

  private boolean stopsWithin(long nanos) {
    try {
      return stop.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true; // Nobody interrupts this thread but to end it.
    }
  }
}

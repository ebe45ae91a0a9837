package io.ppdb.timeseries;

import static io.ppdb.timeseries.SeriesFixture.DELAY;
import static io.ppdb.timeseries.SeriesFixture.ORIGIN;
import static io.ppdb.timeseries.SeriesFixture.TIME;
import static io.ppdb.timeseries.SeriesFixture.compare;
import static io.ppdb.timeseries.SeriesFixture.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest.SortColumn;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeriesAccessTest {
  private static final long HOUR = 3_600_000_000L;

  private final SeriesFixture table = new SeriesFixture();

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void segmentsOutsideTheTimeRangeAreNotDecoded() {
    for (int hour = 0; hour < 10; hour++) {
      table.insertRows(row(hour * HOUR, "SEA"), row(hour * HOUR + HOUR / 2, "BOS"));
    }
    List<String> rows =
        table.select(
            compare(TIME, Operator.GREATER_OR_EQUAL, time(3 * HOUR + HOUR / 2)),
            compare(TIME, Operator.LESS, time(5 * HOUR)));

    assertThat(rows).hasSize(3);
    // Windows 3 and 4, and window 5, in which the end of the range lies, by its header.
    assertThat(table.access.counters().decodedCount()).isEqualTo(2);
    assertThat(table.access.counters().prunedCount()).isLessThanOrEqualTo(1);
  }

  @Test
  void segmentsWithoutTheTagAreNotDecoded() {
    for (int i = 0; i < 10; i++) {
      table.insertRows(row(i, i == 7 ? "SEA" : "BOS"), row(i, "DEN"));
    }

    assertThat(table.select(compare(ORIGIN, Operator.EQUAL, "SEA"))).hasSize(1);
    assertThat(table.access.counters().decodedCount()).isEqualTo(1);
    assertThat(table.access.counters().prunedCount()).isEqualTo(9);
  }

  @Test
  void lastValueReadsOneWindow() {
    for (int hour = 0; hour < 10; hour++) {
      table.insertRows(row(hour * HOUR, "SEA"));
    }
    ScanPath path =
        table.paths(new int[] {TIME}, List.of(new SortColumn(TIME, true, false))).get(1);
    try (Snapshot snapshot = table.store.snapshot();
        var source = path.source().open(SeriesFixture.context(snapshot))) {
      VectorBatch batch = VectorBatch.create(List.of(table.access.layout().types().get(TIME)), 1);
      batch.reset(1);
      source.fill(batch, 1);
      assertThat(batch.column(0).getObject(0)).isEqualTo(time(9 * HOUR));
    }
    assertThat(table.access.counters().decodedCount()).isEqualTo(1);
  }

  @Test
  void pathTellsWhatItChecks() {
    table.insertRows(row(0, "SEA"));
    ColumnComparison delay = compare(DELAY, Operator.GREATER, 10);
    ColumnComparison origin = compare(ORIGIN, Operator.EQUAL, "SEA");
    ColumnComparison since = compare(TIME, Operator.GREATER_OR_EQUAL, time(0));
    ScanPath path = table.paths(new int[0], List.of(), delay, origin, since).get(0);

    assertThat(path.taken()).extracting(taken -> taken.comparison()).containsExactly(origin, since);
    assertThat(path.description().toString())
        .startsWith("Time Series Scan on flights (departed_at >= ")
        .contains(", origin = ");
  }

  @Test
  void countNeedsNoColumn() {
    table.insertRows(row(0, "SEA"), row(1, "BOS"), row(HOUR, "SEA"));
    ScanPath path = table.paths(new int[0], List.of()).get(0);
    try (Snapshot snapshot = table.store.snapshot()) {
      assertThat(table.read(snapshot, path, new int[0])).hasSize(3);
    }
  }

  @Test
  void statementsOfOneTransactionSeeEachOther() {
    try (Transaction transaction = table.store.begin()) {
      table.insertRows(transaction, row(0, "SEA"), row(1, "SEA"), row(2, "BOS"));
      assertThat(table.delete(transaction, compare(ORIGIN, Operator.EQUAL, "BOS"))).isEqualTo(1);
      assertThat(table.delete(transaction, compare(TIME, Operator.EQUAL, time(0)))).isEqualTo(1);
      assertThat(table.select(transaction)).hasSize(1);
      assertThat(table.select()).isEmpty();
      transaction.commit();
    }
    assertThat(table.select()).hasSize(1);
  }

  @Test
  void rowByRowInsertsOfOneTransactionShareASegment() {
    try (Transaction transaction = table.store.begin()) {
      table.insertRows(transaction, row(5, "SEA"));
      Savepoint savepoint = transaction.savepoint();
      table.insertRows(transaction, row(3, "BOS"));
      transaction.rollbackTo(savepoint);
      table.insertRows(transaction, row(4, "DEN"));
      table.insertRows(transaction, row(HOUR, "LAX"));
      transaction.commit();
    }
    assertThat(table.select())
        .extracting(row -> row.substring(row.indexOf(',') + 2, row.indexOf(',') + 5))
        .containsExactly("DEN", "SEA", "LAX");
    assertThat(table.access.counters().decodedCount()).isEqualTo(2);
  }

  @Test
  void openSegmentThatWasRolledBackIsNotExtended() {
    try (Transaction transaction = table.store.begin()) {
      Savepoint savepoint = transaction.savepoint();
      table.insertRows(transaction, row(5, "SEA"));
      transaction.rollbackTo(savepoint);
      table.insertRows(transaction, row(6, "BOS"));
      transaction.commit();
    }
    assertThat(table.select()).hasSize(1).allMatch(row -> row.contains("BOS"));
  }

  @Test
  void insertsNeverConflict() {
    try (Transaction first = table.store.begin();
        Transaction second = table.store.begin()) {
      table.insertRows(first, row(0, "SEA"));
      table.insertRows(second, row(0, "SEA"));
      first.commit();
      second.commit();
    }
    assertThat(table.select()).hasSize(2);
  }

  @Test
  void deletesOfOneSegmentConflict() {
    table.insertRows(row(0, "SEA"), row(1, "BOS"));
    try (Transaction first = table.store.begin();
        Transaction second = table.store.begin()) {
      table.delete(first, compare(ORIGIN, Operator.EQUAL, "SEA"));
      table.delete(second, compare(ORIGIN, Operator.EQUAL, "BOS"));
      first.commit();
      assertThatThrownBy(second::commit)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }
    assertThat(table.select()).hasSize(1);
  }

  @Test
  void updateIsRefusedByTheNameOfTheTable() {
    try (Transaction transaction = table.store.begin();
        TableWriter writer = table.access.openWriter(SeriesFixture.context(transaction))) {
      VectorBatch none = new VectorBatch();
      assertThatThrownBy(() -> writer.update(none, none, new int[0]))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED))
          .hasMessageContaining("UPDATE")
          .hasMessageContaining("time-series table flights");
    }
  }

  @Test
  void estimateFollowsTheRows() {
    assertThat(table.access.estimatedRowCount()).isEqualTo(1);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      rows.add(row(i * 60_000_000L, "SEA"));
    }
    table.insert(rows);
    assertThat(table.access.estimatedRowCount()).isBetween(500.0, 2_000.0);
  }

  @Test
  void wrongDefinitionsAreNamed() {
    assertWrong(Map.of(), "'timestamp'");
    assertWrong(Map.of("timestamp", "departure"), "departure");
    assertWrong(Map.of("timestamp", "delay"), "integer");
    assertWrong(Map.of("timestamp", "departed_at", "tags", "delay"), "delay");
    assertWrong(Map.of("timestamp", "departed_at", "tags", "origin,origin"), "origin");
    assertWrong(Map.of("timestamp", "departed_at", "window_size", "1 month"), "1 month");
    assertWrong(Map.of("timestamp", "departed_at", "tagz", "origin"), "tagz");
    assertThat(SeriesFixture.table("1 hour").column(TIME).nullable()).isFalse();
  }

  private static void assertWrong(Map<String, String> options, String named) {
    assertThatThrownBy(() -> new TimeSeriesKind().define(SeriesFixture.undefined(options)))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageContaining(named);
  }

  private static @Nullable Object[] row(long micros, String origin) {
    return new @Nullable Object[] {time(micros), origin, null, 12, 0.5, "note"};
  }
}

package io.ppdb.timeseries;

import static io.ppdb.timeseries.SeriesFixture.ORIGIN;
import static io.ppdb.timeseries.SeriesFixture.compare;
import static io.ppdb.timeseries.SeriesFixture.time;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmentMergerTest {
  private final SeriesFixture table = new SeriesFixture();
  private final SegmentMerger merger = new SegmentMerger(table.table(), table.store);

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void manySmallSegmentsBecomeOneAndNoViewSeesIt() {
    for (int i = 0; i < 200; i++) {
      table.insertRows(row(i % 50, "SEA"));
    }
    List<String> before = table.select();
    try (Snapshot snapshot = table.store.snapshot()) {
      assertThat(merger.merge()).isEqualTo(199);
      assertThat(segmentCount()).isEqualTo(1);
      assertThat(table.select(snapshot)).isEqualTo(before);
    }
    assertThat(table.select()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void fewSegmentsStayAsTheyAre() {
    for (int i = 0; i < SegmentMerger.MIN_SEGMENTS - 1; i++) {
      table.insertRows(row(i, "SEA"));
    }
    assertThat(merger.merge()).isZero();
  }

  @Test
  void mergedSegmentsAreNotMergedAgain() {
    for (int i = 0; i < 20; i++) {
      table.insertRows(row(i, "SEA"));
    }
    assertThat(merger.merge()).isEqualTo(19);
    assertThat(merger.merge()).isZero();
  }

  @Test
  void deleteOfAUserWinsOverMerging() {
    for (int i = 0; i < 20; i++) {
      table.insertRows(row(i, i == 3 ? "BOS" : "SEA"));
    }
    try (Transaction user = table.store.begin()) {
      table.delete(user, compare(ORIGIN, Operator.EQUAL, "BOS"));
      user.commit();
    }
    merger.merge();
    assertThat(table.select()).hasSize(19).noneMatch(row -> row.contains("BOS"));
  }

  @Test
  void insertsGoOnWhileMergingAndNothingIsLost() throws Exception {
    int threadCount = 3;
    int rowsPerThread = 300;
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < threadCount; thread++) {
        int first = thread * rowsPerThread;
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < rowsPerThread; i++) {
                    table.insertRows(row(first + i, "SEA"));
                  }
                  return null;
                }));
      }
      int known = 0;
      while (!writers.stream().allMatch(Future::isDone)) {
        merger.merge();
        int seen = table.select().size();
        assertThat(seen).isGreaterThanOrEqualTo(known);
        known = seen;
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    merger.merge();
    assertThat(table.select()).hasSize(threadCount * rowsPerThread).doesNotHaveDuplicates();
    assertThat(segmentCount()).isLessThan(SegmentMerger.MIN_SEGMENTS);
  }

  private int segmentCount() {
    int count = 0;
    try (Snapshot snapshot = table.store.snapshot();
        Cursor cursor = snapshot.scan(table.access.layout().segments())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private static @Nullable Object[] row(long micros, String origin) {
    return new @Nullable Object[] {time(micros), origin, null, 12, 0.5, "note"};
  }
}

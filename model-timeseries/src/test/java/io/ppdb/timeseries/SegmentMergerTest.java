package io.ppdb.timeseries;

import static io.ppdb.timeseries.SeriesFixture.ORIGIN;
import static io.ppdb.timeseries.SeriesFixture.compare;
import static io.ppdb.timeseries.SeriesFixture.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
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
  void deletionThatCommitsBeforeAStepMakesTheStepGiveWay() {
    fillWithOneFromBoston();
    KeyValueStore store =
        beforeStepsCommit(() -> table.delete(compare(ORIGIN, Operator.EQUAL, "BOS")));

    assertThat(new SegmentMerger(table.table(), store).merge()).isZero();
    assertThat(table.select()).hasSize(19).noneMatch(row -> row.contains("BOS"));
    assertThat(merger.merge()).isEqualTo(18);
    assertThat(table.select()).hasSize(19).noneMatch(row -> row.contains("BOS"));
  }

  @Test
  void deletionThatAStepOvertakesConflicts() {
    fillWithOneFromBoston();
    try (Transaction user = table.store.begin()) {
      table.delete(user, compare(ORIGIN, Operator.EQUAL, "BOS"));
      merger.merge();
      assertThatThrownBy(user::commit)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }
    assertThat(table.select()).hasSize(20);
  }

  @Test
  void droppedTableIsLeftAlone() {
    fillWithOneFromBoston();
    KeyValueStore store = beforeStepsCommit(this::dropTable);
    assertThat(new SegmentMerger(table.table(), store).merge()).isZero();
    assertThat(segmentCount()).isEqualTo(20);
    assertThat(merger.merge()).isZero();
  }

  @Test
  void partsOfATableAreMergedNewestFirst() {
    long hour = 3_600_000_000L;
    for (int i = 0; i < 20; i++) {
      table.insertRows(row(0, "SEA"));
      table.insertRows(row(2 * hour, "SEA"));
      table.insertRows(row(-5 * hour, "SEA"));
    }
    OptionalLong next = merger.merge(Long.MAX_VALUE, 1, () -> true);
    assertThat(next).hasValue(0);
    assertThat(segmentCount()).isEqualTo(41);
    next = merger.merge(next.orElseThrow(), 1, () -> true);
    assertThat(next).hasValue(-5);
    assertThat(merger.merge(next.orElseThrow(), 1, () -> false)).isEmpty();
    assertThat(segmentCount()).isEqualTo(22);
    assertThat(merger.merge(next.orElseThrow(), 1, () -> true)).isEmpty();
    assertThat(segmentCount()).isEqualTo(3);
    assertThat(table.select()).hasSize(60);
  }

  private void fillWithOneFromBoston() {
    for (int i = 0; i < 20; i++) {
      table.insertRows(row(i, i == 3 ? "BOS" : "SEA"));
    }
  }

  private void dropTable() {
    table.store.transact(
        transaction -> {
          table.drop(transaction);
          return null;
        });
  }

  /** The table's store, but {@code action} happens before each of its transactions commits. */
  private KeyValueStore beforeStepsCommit(Runnable action) {
    return forwarding(
        KeyValueStore.class,
        table.store,
        (method, result) ->
            result instanceof Transaction transaction && method.equals("begin")
                ? forwarding(Transaction.class, transaction, (name, same) -> same, action)
                : result,
        null);
  }

  private static <T> T forwarding(
      Class<T> type,
      T target,
      BiFunction<String, @Nullable Object, @Nullable Object> results,
      @Nullable Runnable beforeCommit) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (beforeCommit != null && method.getName().equals("commit")) {
            beforeCommit.run();
          }
          try {
            return results.apply(method.getName(), method.invoke(target, arguments));
          } catch (InvocationTargetException e) {
            throw e.getTargetException();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
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

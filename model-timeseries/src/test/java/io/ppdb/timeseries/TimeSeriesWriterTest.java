package io.ppdb.timeseries;

import static io.ppdb.timeseries.SeriesFixture.DELAY;
import static io.ppdb.timeseries.SeriesFixture.NOTE;
import static io.ppdb.timeseries.SeriesFixture.ORIGIN;
import static io.ppdb.timeseries.SeriesFixture.RATIO;
import static io.ppdb.timeseries.SeriesFixture.TIME;
import static io.ppdb.timeseries.SeriesFixture.compare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeSeriesWriterTest {
  private final SeriesFixture table = new SeriesFixture();

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void fullBatchIsCommittedByTheCallThatFillsIt() {
    TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT.withMaxBatchRows(3));
    for (int i = 0; i < 5; i++) {
      writer.at(i).set(ORIGIN, "SEA").set(DELAY, i).set(RATIO, 0.5).endRow();
    }

    assertThat(writer.committedRowCount()).isEqualTo(3);
    assertThat(table.select()).hasSize(3);
    writer.flush();
    assertThat(table.select()).hasSize(5);
    writer.close();
    assertThat(table.select())
        .hasSize(5)
        .contains("[1970-01-01T00:00:00.000004, SEA, null, 4, 0.5, null]");
  }

  @Test
  void joiningWriterCommitsAndRollsBackWithItsTransaction() {
    try (Transaction transaction = table.store.begin()) {
      try (TimeSeriesWriter writer = TimeSeriesWriter.joining(table.table(), transaction)) {
        writer.at(1).endRow();
      }
      assertThat(table.select(transaction)).hasSize(1);
      assertThat(table.select()).isEmpty();
    }
    assertThat(table.select()).isEmpty();
    try (Transaction transaction = table.store.begin()) {
      try (TimeSeriesWriter writer = TimeSeriesWriter.joining(table.table(), transaction)) {
        writer.at(1).endRow();
      }
      transaction.commit();
    }
    assertThat(table.select()).hasSize(1);
  }

  @Test
  void timerCommitsWhatWaits() throws InterruptedException {
    CountDownLatch committing = new CountDownLatch(1);
    TimeSeriesWriterOptions options =
        TimeSeriesWriterOptions.DEFAULT
            .withMaxDelay(Duration.ofMillis(1))
            .withPrecondition(transaction -> committing.countDown());
    try (TimeSeriesWriter writer = writer(options)) {
      writer.at(1).endRow();
      assertThat(committing.await(30, TimeUnit.SECONDS)).isTrue();
      // The timer holds the writer until its commit has returned.
      assertThat(writer.committedRowCount()).isEqualTo(1);
      assertThat(table.select()).hasSize(1);
    }
  }

  @Test
  void abandonedRowLeavesNothing() {
    try (TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT)) {
      writer.at(1).set(ORIGIN, "BOS").set(DELAY, 3);
      writer.at(2).set(RATIO, 1.5).endRow();
    }
    assertThat(table.select())
        .containsExactly("[1970-01-01T00:00:00.000002, null, null, null, 1.5, null]");
  }

  @Test
  void failedCommitIsTheAnswerToEveryLaterCall() {
    PpdbException failure = new PpdbException(ErrorCode.UNDEFINED_TABLE, "dropped");
    TimeSeriesWriter writer =
        writer(
            TimeSeriesWriterOptions.DEFAULT.withPrecondition(
                transaction -> {
                  throw failure;
                }));
    writer.at(1).endRow();

    assertThatThrownBy(writer::flush).isSameAs(failure);
    assertThatThrownBy(() -> writer.at(2)).isSameAs(failure);
    writer.close();
    assertThat(writer.committedRowCount()).isZero();
    assertThat(table.select()).isEmpty();
  }

  @Test
  void failureWithinTheWritersBlockIsWhatLeavesIt() {
    assertCode(
        () -> {
          try (TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT)) {
            writer.at(1).endRow();
            dropTable();
            writer.flush();
          }
        },
        ErrorCode.UNDEFINED_TABLE);
  }

  @Test
  void failureOfTheTimerIsThrownByClose() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    TimeSeriesWriter writer =
        writer(
            TimeSeriesWriterOptions.DEFAULT
                .withMaxDelay(Duration.ofMillis(1))
                .withPrecondition(
                    transaction -> {
                      if (failed.getCount() > 0) {
                        failed.countDown();
                        throw new IllegalArgumentException("not today");
                      }
                    }));
    writer.at(1).endRow();
    assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(writer::close).hasMessageContaining("not today");
    writer.close();
  }

  @Test
  void droppedTableTakesNoMoreRows() {
    TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT);
    writer.at(1).endRow();
    writer.flush();
    dropTable();
    writer.at(2).endRow();

    assertCode(writer::flush, ErrorCode.UNDEFINED_TABLE);
    assertThat(writer.committedRowCount()).isEqualTo(1);
    assertThat(table.select()).hasSize(1);
  }

  @Test
  void joiningWriterSeesItsOwnTransactionDropTheTable() {
    try (Transaction transaction = table.store.begin()) {
      TimeSeriesWriter writer = TimeSeriesWriter.joining(table.table(), transaction);
      writer.at(1).endRow();
      table.drop(transaction);
      assertCode(writer::close, ErrorCode.UNDEFINED_TABLE);
    }
  }

  @Test
  void joinedTransactionConflictsWithADropThatCommitsFirst() {
    try (Transaction transaction = table.store.begin()) {
      try (TimeSeriesWriter writer = TimeSeriesWriter.joining(table.table(), transaction)) {
        writer.at(1).endRow();
      }
      dropTable();
      assertCode(transaction::commit, ErrorCode.CONFLICT);
    }
    assertThat(table.select()).isEmpty();
  }

  @Test
  void laterValueOfARowReplacesTheEarlierAlsoByNull() {
    try (TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT)) {
      writer.at(1).set(ORIGIN, "SEA").set(ORIGIN, (Object) null).set(DELAY, 1).set(DELAY, 2);
      writer.endRow();
    }
    assertThat(table.select())
        .containsExactly("[1970-01-01T00:00:00.000001, null, null, 2, null, null]");
  }

  @Test
  void valuesNeedARow() {
    try (TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT)) {
      assertCode(() -> writer.set(DELAY, 1), ErrorCode.INVALID_STATE);
      writer.at(1).endRow();
      assertCode(() -> writer.set(ORIGIN, "SEA"), ErrorCode.INVALID_STATE);
      assertCode(() -> writer.set(RATIO, 0.5), ErrorCode.INVALID_STATE);
      writer.at(2);
      assertCode(() -> writer.set(TIME, LocalDateTime.MAX), ErrorCode.DATETIME_OVERFLOW);
    }
    assertThat(table.select()).hasSize(1);
  }

  @Test
  void timesAtTheEndsOfTheRangeAreFound() {
    try (TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT)) {
      for (long micros : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0, Long.MIN_VALUE + 1}) {
        writer.at(micros).endRow();
      }
    }
    LocalDateTime least = SeriesFixture.time(Long.MIN_VALUE);
    LocalDateTime greatest = SeriesFixture.time(Long.MAX_VALUE);
    assertThat(table.select()).hasSize(5);
    assertThat(table.select(compare(TIME, Operator.GREATER_OR_EQUAL, greatest))).hasSize(1);
    assertThat(table.select(compare(TIME, Operator.LESS_OR_EQUAL, least))).hasSize(1);
    assertThat(table.select(compare(TIME, Operator.LESS, least))).isEmpty();
    assertThat(table.select(compare(TIME, Operator.GREATER, greatest))).isEmpty();
    assertThat(table.select(compare(TIME, Operator.GREATER, least))).hasSize(4);
    assertThat(table.selectOrdered(false).get(0)).startsWith("[" + least);
    assertThat(table.selectOrdered(true).get(0)).startsWith("[" + greatest);
  }

  @Test
  void wrongValuesAreRefusedAndTheWriterGoesOn() {
    try (TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT)) {
      writer.at(1);
      assertCode(() -> writer.set(DELAY, 1L << 40), ErrorCode.NUMERIC_OUT_OF_RANGE);
      assertCode(() -> writer.set(DELAY, "late"), ErrorCode.DATATYPE_MISMATCH);
      assertCode(() -> writer.set(ORIGIN, 7), ErrorCode.DATATYPE_MISMATCH);
      assertCode(() -> writer.set(ORIGIN, 7.5), ErrorCode.DATATYPE_MISMATCH);
      assertCode(() -> writer.set(NOTE, "eleven char"), ErrorCode.STRING_TOO_LONG);
      assertCode(() -> writer.column("gate"), ErrorCode.UNDEFINED_COLUMN);
      writer.set(writer.column("delay"), 12).endRow();
      assertCode(writer::endRow, ErrorCode.INVALID_STATE);
    }
    assertThat(table.select())
        .containsExactly("[1970-01-01T00:00:00.000001, null, null, 12, null, null]");
  }

  @Test
  void closedWriterSaysSo() {
    TimeSeriesWriter writer = writer(TimeSeriesWriterOptions.DEFAULT);
    writer.close();
    writer.close();
    assertCode(() -> writer.at(1), ErrorCode.CLOSED);
  }

  private void dropTable() {
    table.store.transact(
        transaction -> {
          table.drop(transaction);
          return null;
        });
  }

  private TimeSeriesWriter writer(TimeSeriesWriterOptions options) {
    return TimeSeriesWriter.committing(table.table(), table.store, options);
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}

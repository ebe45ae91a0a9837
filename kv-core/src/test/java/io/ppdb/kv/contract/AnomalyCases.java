package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The anomalies that isolation levels are defined by (A. Adya, "Weak consistency", 1999; P. Bailis
 * et al., "Highly available transactions", 2013), in the interleavings of M. Kleppmann's Hermitage,
 * for each isolation. {@code docs/testing.md} has the table.
 *
 * <p>The two rows are {@code t/1} with 10 and {@code t/2} with 20; a predicate read is a scan of
 * all rows that keeps some. An engine without SERIALIZABLE is tried with SNAPSHOT in its place.
 */
interface AnomalyCases extends StoreFixture {
  KeyRange ROWS = KeyRange.prefix(bytes("t/"));

  private Isolation offered(Isolation isolation) {
    return store().properties().serializable() ? isolation : Isolation.SNAPSHOT;
  }

  private Transaction begin(Isolation isolation) {
    Transaction transaction =
        store().begin(TransactionOptions.DEFAULT.withIsolation(offered(isolation)));
    transaction.version(); // takes the snapshot now
    return transaction;
  }

  private void createRows() {
    put(store(), "t/1", "10", "t/2", "20");
  }

  private static void write(Transaction transaction, int row, int value) {
    transaction.put(bytes("t/" + row), bytes("" + value));
  }

  private static int read(ReadView view, int row) {
    String value = get(view, "t/" + row);
    return value == null ? 0 : Integer.parseInt(value);
  }

  /** {@code row=value} of the rows with such a value. */
  private static String where(ReadView view, IntPredicate predicate) {
    StringJoiner found = new StringJoiner(" ");
    try (Cursor cursor = view.scan(ROWS)) {
      while (cursor.next()) {
        int value = Integer.parseInt(Texts.text(cursor.value()));
        if (predicate.test(value)) {
          found.add(Texts.text(cursor.key()).substring(2) + "=" + value);
        }
      }
    }
    return found.toString();
  }

  private static void deleteWhere(Transaction transaction, int value) {
    try (Cursor cursor = transaction.scan(ROWS)) {
      while (cursor.next()) {
        if (Texts.text(cursor.value()).equals("" + value)) {
          transaction.delete(cursor.key().toByteArray());
        }
      }
    }
  }

  private String rows() {
    try (Snapshot snapshot = store().snapshot()) {
      return where(snapshot, value -> true);
    }
  }

  /** What SNAPSHOT lets pass and SERIALIZABLE refuses. */
  private void assertPossibleOnlyUnderSnapshot(Isolation isolation, Transaction last) {
    assertThat(Texts.commits(last)).isEqualTo(offered(isolation) == Isolation.SNAPSHOT);
  }

  @ParameterizedTest
  @EnumSource
  default void g0DirtyWriteIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      write(one, 1, 11);
      write(two, 1, 12);
      write(one, 2, 21);
      one.commit();
      assertThat(rows()).isEqualTo("1=11 2=21");
      write(two, 2, 22);
      assertThat(Texts.commits(two)).isFalse();
    }
    assertThat(rows()).isEqualTo("1=11 2=21");
  }

  @ParameterizedTest
  @EnumSource
  default void g1aAbortedReadIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      write(one, 1, 101);
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      one.rollback();
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      two.commit();
    }
    assertThat(rows()).isEqualTo("1=10 2=20");
  }

  @ParameterizedTest
  @EnumSource
  default void g1bIntermediateReadIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      write(one, 1, 101);
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      write(one, 1, 11);
      one.commit();
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      two.commit();
    }
    assertThat(rows()).isEqualTo("1=11 2=20");
  }

  @ParameterizedTest
  @EnumSource
  default void g1cCircularInformationFlowIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      write(one, 1, 11);
      write(two, 2, 22);
      assertThat(read(one, 2)).isEqualTo(20);
      assertThat(read(two, 1)).isEqualTo(10);
      one.commit();
      // Neither saw the other: what is left of the circle is two anti-dependencies.
      assertPossibleOnlyUnderSnapshot(isolation, two);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void otvObservedTransactionDoesNotVanish(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      write(one, 1, 11);
      write(one, 2, 19);
      write(two, 1, 12);
      one.commit();
      try (Transaction three = begin(isolation)) {
        assertThat(read(three, 1)).isEqualTo(11);
        write(two, 2, 18);
        assertThat(read(three, 2)).isEqualTo(19);
        assertThat(Texts.commits(two)).isFalse();
        assertThat(where(three, value -> true)).isEqualTo("1=11 2=19");
        three.commit();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  default void pmpPredicateManyPrecedersIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(where(one, value -> value == 30)).isEmpty();
      write(two, 3, 30);
      two.commit();
      assertThat(where(one, value -> value % 3 == 0)).isEmpty();
      one.commit();
    }
  }

  @ParameterizedTest
  @EnumSource
  default void pmpWithWritesIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      write(one, 1, read(one, 1) + 10);
      write(one, 2, read(one, 2) + 10);
      deleteWhere(two, 20);
      one.commit();
      assertThat(Texts.commits(two)).isFalse();
    }
    assertThat(rows()).isEqualTo("1=20 2=30");
  }

  @ParameterizedTest
  @EnumSource
  default void p4LostUpdateIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(read(one, 1)).isEqualTo(10);
      assertThat(read(two, 1)).isEqualTo(10);
      write(one, 1, 11);
      write(two, 1, 11);
      one.commit();
      assertThat(Texts.commits(two)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  default void gSingleReadSkewIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(read(one, 1)).isEqualTo(10);
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      write(two, 1, 12);
      write(two, 2, 18);
      two.commit();
      assertThat(read(one, 2)).isEqualTo(20);
      one.commit();
    }
  }

  @ParameterizedTest
  @EnumSource
  default void gSingleReadSkewByPredicatesIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(where(one, value -> value % 5 == 0)).isEqualTo("1=10 2=20");
      write(two, 1, 12);
      two.commit();
      assertThat(where(one, value -> value % 3 == 0)).isEmpty();
      one.commit();
    }
  }

  @ParameterizedTest
  @EnumSource
  default void gSingleReadSkewByAWritePredicateIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(read(one, 1)).isEqualTo(10);
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      write(two, 1, 12);
      write(two, 2, 18);
      two.commit();
      deleteWhere(one, 20);
      assertThat(Texts.commits(one)).isFalse();
    }
    assertThat(rows()).isEqualTo("1=12 2=18");
  }

  @ParameterizedTest
  @EnumSource
  default void gSingleReadSkewInterruptedByARollbackIsPrevented(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(read(one, 1)).isEqualTo(10);
      assertThat(where(two, value -> true)).isEqualTo("1=10 2=20");
      write(two, 1, 12);
      deleteWhere(one, 20);
      write(two, 2, 18);
      one.rollback();
      two.commit();
    }
    assertThat(rows()).isEqualTo("1=12 2=18");
  }

  @ParameterizedTest
  @EnumSource
  default void g2ItemWriteSkewIsPreventedBySerializable(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(read(one, 1) + read(one, 2)).isEqualTo(30);
      assertThat(read(two, 1) + read(two, 2)).isEqualTo(30);
      write(one, 1, 11);
      write(two, 2, 21);
      one.commit();
      assertPossibleOnlyUnderSnapshot(isolation, two);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void g2PredicateWriteSkewIsPreventedBySerializable(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(where(one, value -> value % 3 == 0)).isEmpty();
      assertThat(where(two, value -> value % 3 == 0)).isEmpty();
      write(one, 3, 30);
      write(two, 4, 42);
      one.commit();
      assertPossibleOnlyUnderSnapshot(isolation, two);
    }
  }

  /** Also called the read-only transaction anomaly: without the reader, one before two would do. */
  @ParameterizedTest
  @EnumSource
  default void g2TwoEdgesSeenByAReaderIsPreventedBySerializable(Isolation isolation) {
    createRows();
    try (Transaction one = begin(isolation)) {
      assertThat(where(one, value -> true)).isEqualTo("1=10 2=20");
      try (Transaction two = begin(isolation)) {
        write(two, 2, read(two, 2) + 5);
        two.commit();
      }
      try (Transaction reader = begin(isolation)) {
        assertThat(where(reader, value -> true)).isEqualTo("1=10 2=25");
        reader.commit();
      }
      write(one, 1, 0);
      assertPossibleOnlyUnderSnapshot(isolation, one);
    }
  }
}

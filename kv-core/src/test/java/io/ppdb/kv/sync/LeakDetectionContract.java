package io.ppdb.kv.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.memory.MemoryStore;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * That tests which leak fail. Extended by one test in every module, for it depends on what the
 * class path of the module has.
 */
public abstract class LeakDetectionContract {
  private static final String RUNNING = "io.ppdb.kv.sync.LeakDetectionContract#isRunning";

  /** Whether {@link #run} is running: nobody else may run tests that fail by design. */
  private static volatile boolean running;

  static boolean isRunning() {
    return running;
  }

  /** Tests that leak. */
  @EnabledIf(RUNNING)
  static class Leaky {
    private final KeyValueStore store = new MemoryStore(StoreOptions.DEFAULT);

    @AfterEach
    void closeStore() {
      store.close();
    }

    @Test
    void leavesSnapshotOpen() {
      store.snapshot();
    }

    @Test
    void leavesTransactionOpen() {
      store.begin();
    }

    @Test
    void leavesCursorOfSnapshotOpen() {
      try (Snapshot snapshot = store.snapshot()) {
        snapshot.scan(KeyRange.all());
      }
    }

    @Test
    void leavesTwoThingsOpen() {
      store.snapshot().scan(KeyRange.all());
    }

    @Test
    void leavesToAnotherThreadWhatItCloses() throws InterruptedException {
      CountDownLatch opened = new CountDownLatch(1);
      Thread background =
          new Thread(
              () -> {
                Snapshot snapshot = store.snapshot();
                opened.countDown();
                Threads.spin(100_000);
                snapshot.close();
              });
      background.start();
      opened.await();
    }

    @Test
    void failsItself() {
      store.snapshot();
      throw new IllegalArgumentException("a failure of its own");
    }

    @Test
    @LeaksOnPurpose("to see that it may")
    void leavesSnapshotOpenOnPurpose() {
      store.snapshot();
    }

    @Test
    void closesAll() {
      try (Snapshot snapshot = store.snapshot();
          Cursor cursor = snapshot.scan(KeyRange.all())) {
        assertThat(cursor.next()).isFalse();
      }
      Transaction transaction = store.begin();
      assertThat(transaction.scan(KeyRange.all()).next()).isFalse();
      transaction.rollback(); // and with it its cursors
    }
  }

  /** A class that leaks from where it begins, not in a test. */
  @EnabledIf(RUNNING)
  static class LeakyClass {
    private static final KeyValueStore STORE = new MemoryStore(StoreOptions.DEFAULT);
    private final Snapshot snapshot = STORE.snapshot();

    @AfterAll
    static void closeStore() {
      STORE.close();
    }

    @Test
    void reads() {
      assertThat(snapshot.get(new byte[] {1})).isNull();
    }
  }

  @Test
  void checksAreOnInTests() {
    assertThat(Invariants.ENABLED).as("-Dppdb.invariants=true").isTrue();
  }

  @Test
  void testThatLeavesSomethingOpenFailsAndSaysWhereItWasOpened() {
    Map<String, TestExecutionResult> results = run(Leaky.class);
    assertLeak(results, "leavesSnapshotOpen()", "a snapshot", "leavesSnapshotOpen");
    assertLeak(results, "leavesTransactionOpen()", "a transaction", "leavesTransactionOpen");
    assertLeak(results, "leavesCursorOfSnapshotOpen()", "a cursor", "leavesCursorOfSnapshotOpen");
    assertLeak(results, "leavesTwoThingsOpen()", "a snapshot", "leavesTwoThingsOpen");
    assertThat(failure(results, "leavesTwoThingsOpen()"))
        .hasMessageContaining("left 2 open")
        .satisfies(error -> assertThat(error.getSuppressed()[0]).hasMessageContaining("a cursor"));
  }

  @Test
  void testThatClosesAllOrSaysThatItLeaksSucceeds() {
    Map<String, TestExecutionResult> results = run(Leaky.class);
    assertThat(results.get("closesAll()")).isEqualTo(TestExecutionResult.successful());
    assertThat(results.get("leavesToAnotherThreadWhatItCloses()"))
        .isEqualTo(TestExecutionResult.successful());
    assertThat(results.get("leavesSnapshotOpenOnPurpose()"))
        .isEqualTo(TestExecutionResult.successful());
  }

  @Test
  void testThatFailsItselfKeepsItsFailure() {
    assertThat(failure(run(Leaky.class), "failsItself()"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoSuppressedExceptions();
  }

  @Test
  void classThatLeavesSomethingOpenFails() {
    Map<String, TestExecutionResult> results = run(LeakyClass.class);
    assertThat(results.get("reads()")).isEqualTo(TestExecutionResult.successful());
    assertLeak(results, "LeakDetectionContract$LeakyClass", "a snapshot", "<init>");
  }

  private static void assertLeak(
      Map<String, TestExecutionResult> results, String test, String kind, String method) {
    Throwable failure = failure(results, test);
    assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining(kind);
    Throwable place = failure.getCause();
    assertThat(Objects.requireNonNull(place).getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().startsWith(LeakDetectionContract.class.getName())
                    && frame.getMethodName().equals(method));
  }

  private static Throwable failure(Map<String, TestExecutionResult> results, String test) {
    TestExecutionResult result = results.get(test);
    if (result == null) {
      throw new AssertionError(test + " did not run: " + results.keySet());
    }
    return result.getThrowable().orElseThrow(() -> new AssertionError(test + " succeeded"));
  }

  /** Runs a test class as the build would; the results by display name. */
  private static Map<String, TestExecutionResult> run(Class<?> testClass) {
    Map<String, TestExecutionResult> results = new TreeMap<>();
    running = true;
    try {
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request().selectors(selectClass(testClass)).build(),
              new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                  results.put(test.getDisplayName(), result);
                }
              });
    } finally {
      running = false;
    }
    return results;
  }
}

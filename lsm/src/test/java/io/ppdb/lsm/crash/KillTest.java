package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Snapshot;
import io.ppdb.lsm.LsmStore;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes is killed (SIGKILL) thirty times at random moments, two hundred times with
 * {@code -Pfull}; each time every commit it acknowledged, of either durability, is there, whole.
 */
class KillTest {
  private static final int KILL_COUNT = Integer.getInteger("ppdb.effort", 1) > 1 ? 200 : 30;
  private static final int MAX_ACKNOWLEDGED_BEFORE_KILL = 1_000;
  private static final long SEED = Long.getLong("ppdb.seed", 1);

  @TempDir Path directory;

  @Test
  void everyAcknowledgedCommitSurvivesEveryKill() throws Exception {
    Random random = new Random(SEED);
    long[] acknowledged = new long[KillWriter.THREAD_COUNT];
    long first = 1;
    int recoveredCount = 0;
    for (int kill = 0; kill < KILL_COUNT; kill++) {
      // The moment is counted in acknowledgements, then drawn out by less than a commit takes.
      int until = 1 + random.nextInt(MAX_ACKNOWLEDGED_BEFORE_KILL);
      int count = writeAndKill(first, until, random.nextInt(2_000), acknowledged);
      assertThat(count).as("acknowledgements before kill %d", kill).isGreaterThanOrEqualTo(until);
      first = check(acknowledged, kill);
      recoveredCount++;
    }
    assertThat(recoveredCount).isEqualTo(KILL_COUNT);
  }

  private int writeAndKill(long first, int until, int spins, long[] acknowledged)
      throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Xshare:auto",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    KillWriter.class.getName(),
                    directory.toString(),
                    Long.toString(first)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int count = 0;
    try (DataInputStream acknowledgements = new DataInputStream(writer.getInputStream())) {
      while (true) {
        try {
          int thread = acknowledgements.readInt();
          acknowledged[thread] = acknowledgements.readLong();
        } catch (EOFException e) {
          break; // the writer is gone, and what it said last may be cut
        }
        count++;
        if (count == until) {
          for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
          }
          // Not writer.destroyForcibly(), which closes the stream: what is in the pipe counts.
          writer.toHandle().destroyForcibly();
        }
      }
    } finally {
      writer.destroyForcibly();
      assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    return count;
  }

  /** Checks what is there; returns a number above all commits that may be. */
  private long check(long[] acknowledged, int kill) {
    long greatest = 0;
    try (LsmStore store = LsmStore.open(directory, KillWriter.options());
        Snapshot snapshot = store.snapshot()) {
      store.verify();
      for (int thread = 0; thread < KillWriter.THREAD_COUNT; thread++) {
        byte[] expected = snapshot.get(KillWriter.key(thread, 0));
        long number = expected == null ? 0 : ByteBuffer.wrap(expected).getLong();
        assertThat(number)
            .as("seed %d, kill %d: last commit of thread %d", SEED, kill, thread)
            .isGreaterThanOrEqualTo(acknowledged[thread]);
        for (int i = 1; i < KillWriter.KEYS_PER_COMMIT; i++) {
          assertThat(Arrays.equals(snapshot.get(KillWriter.key(thread, i)), expected))
              .as("seed %d, kill %d: key %d of commit %d is whole", SEED, kill, i, number)
              .isTrue();
        }
        greatest = Math.max(greatest, number);
      }
    }
    return greatest + 1;
  }
}

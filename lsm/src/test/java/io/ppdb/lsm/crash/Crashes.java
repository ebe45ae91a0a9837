package io.ppdb.lsm.crash;

import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts into power losses, and counts these.
 *
 * <p>The script, the disk that is left and the losses during recovery follow from the seed and the
 * operation; which thread that operation is of does not, if the store works in the background.
 */
final class Crashes {
  /** Warns of what it cannot clean up, which is all when power is lost. Held, so that it stays. */
  private static final Logger CHECKPOINT_LOG = Logger.getLogger("io.ppdb.lsm.Checkpoint");

  static {
    CHECKPOINT_LOG.setLevel(Level.OFF);
  }

  private static final int STEP_COUNT = 14;
  private static final int LONG_STEP_COUNT = 120;
  private static final int MAX_LONG_OPERATIONS = 1_500;

  /** More operations than a recovery takes, so that some of them go through. */
  private static final int MAX_RECOVERY_OPERATIONS = 40;

  /** Small in everything but the change log, which keeps all commits. */
  static final LsmOptions OPTIONS =
      CrashTest.TINY.withStore(CrashTest.TINY.store().withChangeLogBytes(1 << 20));

  /** What stands between the store and the disk that loses power. */
  private final UnaryOperator<Vfs> between;

  private int count;
  private int ofRecoveryCount;

  /** What was judged last, as it was before it was opened. */
  private MemVfs judged = new MemVfs();

  Crashes(UnaryOperator<Vfs> between) {
    this.between = between;
  }

  /** How many scripts were interrupted. */
  int count() {
    return count;
  }

  /** How many recoveries were interrupted, besides. */
  int ofRecoveryCount() {
    return ofRecoveryCount;
  }

  /**
   * Writes the store that was judged last to a directory, for {@code ppdb verify} and {@code dump}:
   * threads may not meet again as they did.
   */
  void writeJudged(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : judged.list(MemDirectory.PATH)) {
      Files.write(directory.resolve(name), judged.bytes(MemDirectory.PATH.resolve(name)));
    }
  }

  /**
   * Runs a script again and again, crashing one operation later each time, until it is through.
   *
   * @return what was not kept, and how to replay it; null if nothing
   */
  @Nullable String atEveryOperation(long seed) {
    Script script = new Script(seed, STEP_COUNT);
    int before;
    int index = 0;
    do {
      before = count;
      String wrong = at(script, seed, index++);
      if (wrong != null) {
        return wrong;
      }
    } while (count > before);
    return null;
  }

  /** Runs a long script once, crashing somewhere. */
  @Nullable String ofLongScript(long seed) {
    int index = new Random(seed).nextInt(MAX_LONG_OPERATIONS);
    return at(new Script(seed, LONG_STEP_COUNT), seed, index);
  }

  private @Nullable String at(Script script, long seed, int index) {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    AtomicReference<MemVfs> found = new AtomicReference<>();
    Random random = new Random(31 * seed + index);
    faults.crashAt(index, () -> found.set(disk.crashed(random)));
    Promises promises = script.run(OPTIONS.withVfs(between.apply(faults)));
    MemVfs after = found.get();
    if (after == null) {
      after = disk.crashed(random);
    } else {
      count++;
    }
    Interrupted recovery = new Interrupted(after, null);
    while (recovery.wrong == null && random.nextBoolean()) {
      recovery = crashRecovery(recovery.left, random, promises);
    }
    judged = recovery.left.killed();
    String wrong =
        recovery.wrong == null ? Survivors.check(recovery.left, OPTIONS, promises) : recovery.wrong;
    return wrong == null
        ? null
        : "replay with -Dppdb.seed=" + seed + "; power lost at operation " + index + ": " + wrong;
  }

  /** The disk that an interrupted recovery leaves, and what was wrong before. */
  private record Interrupted(MemVfs left, @Nullable String wrong) {}

  /** Loses power while the store is opened, read and closed; what it showed has to stay. */
  private Interrupted crashRecovery(MemVfs disk, Random random, Promises promises) {
    FaultVfs faults = new FaultVfs(disk);
    AtomicReference<MemVfs> found = new AtomicReference<>();
    int index = random.nextInt(MAX_RECOVERY_OPERATIONS);
    faults.crashAt(index, () -> found.set(disk.crashed(random)));
    String wrong;
    LsmOptions options = OPTIONS.withVfs(between.apply(faults));
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      wrong = Survivors.check(store, promises);
    } catch (PpdbException e) {
      wrong = "cannot open, read or close: " + Survivors.trace(e);
    }
    MemVfs left = found.get();
    if (left == null) {
      return new Interrupted(disk.crashed(random), wrong);
    }
    ofRecoveryCount++;
    return new Interrupted(left, null); // what a store says while power goes need not be right
  }
}

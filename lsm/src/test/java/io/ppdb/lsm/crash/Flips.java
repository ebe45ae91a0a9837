package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.inspect.ClosedStore;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A store with tables in several levels, large values, something in the log, and a checkpoint; and
 * the judge of what is read when some of it is not what was written.
 */
final class Flips {
  private static final int KEY_COUNT = 60;
  private static final Path COPY = MemDirectory.PATH.resolveSibling("copy");
  private static final LsmOptions OPTIONS = Crashes.OPTIONS;

  /** Files by what they are for. */
  enum Kind {
    LOG,
    MANIFEST,
    CURRENT,
    TABLE,
    BLOBS,
    CHECKPOINT;

    List<Path> files(MemVfs disk) throws IOException {
      Path directory = this == CHECKPOINT ? COPY : MemDirectory.PATH;
      return disk.list(directory).stream().filter(this::has).map(directory::resolve).toList();
    }

    private boolean has(String name) {
      return switch (this) {
        case LOG -> name.endsWith(".wal");
        case MANIFEST -> Manifest.isManifest(name);
        case CURRENT -> name.equals(Manifest.CURRENT);
        case TABLE -> name.endsWith(".sst");
        case BLOBS -> name.endsWith(".blob");
        case CHECKPOINT -> !name.equals("LOCK");
      };
    }
  }

  /** The store when it was closed. */
  final MemVfs closed = MemDirectory.fresh();

  /** The same before it was closed. */
  final MemVfs open;

  private final List<String> expected;
  private final List<String> expectedCopy;

  Flips() {
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(closed))) {
      for (int i = 0; i < KEY_COUNT; i++) {
        store.write(new WriteBatch().put(Script.key(i), Script.value(i, 60 + i)), Durability.SYNC);
        if (i == KEY_COUNT / 2) {
          store.compact();
          deleteRange(store, 5, 8);
        }
        if (i == KEY_COUNT - 10) {
          deleteRange(store, 20, 24);
          store.checkpoint(COPY);
          deleteRange(store, 30, 33);
        }
      }
      open = closed.killed();
    }
    expected = read(closed.killed(), MemDirectory.PATH);
    expectedCopy = read(closed.killed(), COPY);
  }

  private static void deleteRange(LsmStore store, int from, int to) {
    try (Transaction transaction = store.begin()) {
      transaction.deleteRange(KeyRange.of(Script.key(from), Script.key(to)));
      transaction.commit();
    }
  }

  /** The first segment, which begins with a commit. */
  Path logWithCommits() throws IOException {
    return Kind.LOG.files(closed).get(0);
  }

  /** Flips one bit of the closed store; whether that was noticed. */
  boolean flip(Path file, long bit) throws IOException {
    MemVfs damaged = closed.killed();
    damaged.flipBit(file, bit);
    return judge(damaged, file, "bit " + bit + " of " + file);
  }

  /**
   * Verifies and reads a store of which {@code file} is not what was written.
   *
   * @return whether it was noticed
   * @throws AssertionError if it was not, but ought to have been
   */
  boolean judge(MemVfs damaged, Path file, String what) throws IOException {
    Path directory = Objects.requireNonNull(file.getParent());
    boolean isWhole;
    try (ClosedStore store = ClosedStore.open(damaged, directory)) {
      isWhole = store.verify().isWhole();
    }
    try {
      List<String> seen = read(damaged, directory);
      assertThat(seen).as(what).isEqualTo(directory.equals(COPY) ? expectedCopy : expected);
      return !isWhole;
    } catch (PpdbException e) {
      assertNames(e, file, what);
      assertThat(isWhole).as("verify finds nothing, but %s: %s", what, e).isFalse();
      return true;
    }
  }

  /**
   * Flips one bit of a log that was not closed. What was not synced cannot be told from a torn
   * write, so its end may be missing; but nothing before that.
   */
  void flipOpen(Path file, long bit) throws IOException {
    MemVfs damaged = open.killed();
    damaged.flipBit(file, bit);
    String what = "bit " + bit + " of " + file;
    try {
      List<String> commits = readChanges(damaged, MemDirectory.PATH);
      assertThat(commits).as(what).isEqualTo(expected.subList(0, commits.size()));
    } catch (PpdbException e) {
      assertNames(e, file, what);
    }
  }

  private static void assertNames(PpdbException e, Path file, String what) {
    assertThat(e.code())
        .as("%s: %s", what, e)
        .isIn(ErrorCode.CORRUPTION, ErrorCode.FORMAT_NOT_SUPPORTED);
    assertThat(e).as(what).hasMessageContaining(String.valueOf(file.getFileName()));
  }

  /** The change log, then what is there, in both directions. */
  private static List<String> read(MemVfs disk, Path directory) {
    List<String> seen = readChanges(disk, directory);
    try (LsmStore store = LsmStore.open(directory, OPTIONS.withVfs(disk));
        Snapshot snapshot = store.snapshot()) {
      for (boolean descending : new boolean[] {false, true}) {
        ScanOptions options = ScanOptions.ASCENDING.withDescending(descending);
        try (Cursor cursor = snapshot.scan(KeyRange.all(), options)) {
          while (cursor.next()) {
            seen.add(cursor.key() + "=" + cursor.value());
          }
        }
      }
      store.verify();
    }
    return seen;
  }

  private static List<String> readChanges(MemVfs disk, Path directory) {
    List<String> seen = new ArrayList<>();
    try (LsmStore store = LsmStore.open(directory, OPTIONS.withVfs(disk))) {
      long from = 0;
      if (directory.equals(COPY)) {
        try (Snapshot snapshot = store.snapshot()) {
          from = snapshot.version(); // the change log of a checkpoint begins with it
        }
      }
      try (ChangeCursor cursor = store.changes(from)) {
        for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
          StringBuilder text = new StringBuilder(commit.version() + ": " + commit.deletedRanges());
          for (WriteBatch.Write write : commit.writes()) {
            text.append(' ').append(new String(write.key(), StandardCharsets.US_ASCII));
            text.append('=').append(new String(write.value(), StandardCharsets.US_ASCII));
          }
          seen.add(text.toString());
        }
      }
    }
    return seen;
  }
}

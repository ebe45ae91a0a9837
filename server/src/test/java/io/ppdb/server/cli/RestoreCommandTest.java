package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.archive.DirectoryArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ppdb restore} on real files. */
class RestoreCommandTest {
  @TempDir private Path directory = Path.of("replaced by JUnit");

  private long secondVersion;
  private Instant afterSecond = Instant.EPOCH;

  /** A checkpoint with one commit, and an archive that goes on to the third. */
  @BeforeEach
  void archive() throws IOException {
    Path store = Files.createDirectory(path("store"));
    Path archive = Files.createDirectory(path("archive"));
    LsmOptions options = LsmOptions.of(StoreOptions.DEFAULT);
    try (LsmStore open =
        LsmStore.open(
            store, options.withWalArchive(new DirectoryArchive(options.vfs(), archive)))) {
      put(open, "first");
      open.checkpoint(path("checkpoint"));
      secondVersion = put(open, "second");
      Instant second = Instant.now();
      do {
        afterSecond = Instant.now();
      } while (afterSecond.toEpochMilli() <= second.toEpochMilli() + 1);
      while (Instant.now().toEpochMilli() <= afterSecond.toEpochMilli() + 1) {
        Thread.onSpinWait(); // commits within one tick cannot be told apart by time
      }
      put(open, "third");
    }
  }

  @Test
  void allThatWasArchivedIsRestored() {
    CommandLineRun run = restore("all");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("restored to version " + (secondVersion + 1) + "\n");
    assertThat(keyCount("all")).isEqualTo(3);
  }

  @Test
  void aVersionOrATimeIsRestored() {
    CommandLineRun run = restore("one", "--to-version", String.valueOf(secondVersion));
    assertThat(run.out()).isEqualTo("restored to version " + secondVersion + "\n");
    assertThat(keyCount("one")).isEqualTo(2);
    run = restore("two", "--to-time", afterSecond.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("restored to version " + secondVersion + "\n");
    assertThat(keyCount("two")).isEqualTo(2);
  }

  @Test
  void whatCannotBeRestoredIsOneLineAndLeavesNothing() throws IOException {
    CommandLineRun run = restore("new", "--to-version", String.valueOf(secondVersion + 10));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("the archive ends at version ").hasLineCount(1);
    Files.createDirectory(path("empty"));
    run =
        CommandLineRun.of(
            "restore",
            path("new").toString(),
            "--checkpoint",
            path("checkpoint").toString(),
            "--archive",
            path("empty").toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(path("empty") + " has nothing of log ")
        .contains(path("checkpoint").toString())
        .hasLineCount(1);
    assertThat(path("new")).doesNotExist();
  }

  @Test
  void wrongUsageIsTold() {
    assertThat(CommandLineRun.of("restore", path("new").toString()).exitCode()).isEqualTo(2);
    CommandLineRun run = restore("new", "--to-time", "2026-11-23 10:00");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no time with an offset");
    run = restore("new", "--to-version", "3", "--to-time", "2026-11-23T10:00:00Z");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(path("new")).doesNotExist();
  }

  private CommandLineRun restore(String target, String... more) {
    String[] arguments = {
      "restore",
      path(target).toString(),
      "--checkpoint",
      path("checkpoint").toString(),
      "--archive",
      path("archive").toString()
    };
    String[] all = new String[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandLineRun.of(all);
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private static long put(LsmStore store, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    return store.write(new WriteBatch().put(bytes, bytes), Durability.SYNC);
  }

  private long keyCount(String name) {
    try (LsmStore store = LsmStore.open(path(name), LsmOptions.of(StoreOptions.DEFAULT));
        Snapshot now = store.snapshot()) {
      int count = 0;
      for (String key : new String[] {"first", "second", "third"}) {
        count += now.get(key.getBytes(StandardCharsets.US_ASCII)) == null ? 0 : 1;
      }
      return count;
    }
  }
}

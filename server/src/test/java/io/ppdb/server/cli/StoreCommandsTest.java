package io.ppdb.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ppdb verify}, {@code dump} and {@code repair} on real files. */
class StoreCommandsTest {
  /** Amid the records of a log of a few commits. */
  private static final int AMID_THE_LOG = 120;

  @TempDir private Path directory = Path.of("replaced by JUnit");

  @Test
  void aWholeDatabaseIsSaidToBeWhole() {
    CommandLineRun.of("sql", "-d", path(), "-c", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
    CommandLineRun run = CommandLineRun.of("verify", path());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("tables: ").endsWith("whole\n");
  }

  @Test
  void aDamagedDatabaseIsAFailureThatNamesFileAndOffset() throws IOException {
    Path table = damage(".sst", 20);
    CommandLineRun run = CommandLineRun.of("verify", path());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("problem: " + table + " is damaged at offset ");
    assertThat(run.err()).isEqualTo("ppdb: " + path() + " is damaged: 1 problem\n");
  }

  @Test
  void aDamagedLogIsRepairedByWhoeverSaysHow() throws IOException {
    Path segment = damage(".wal", AMID_THE_LOG);
    assertThat(CommandLineRun.of("sql", "-d", path(), "-c", "SELECT 1 AS x").err())
        .startsWith("ppdb: ERROR XX001: ")
        .contains(segment.toString());
    assertThat(CommandLineRun.of("repair", path()).exitCode()).isEqualTo(2);
    CommandLineRun run = CommandLineRun.of("repair", path(), "--mode", "pointInTime");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("left out: " + segment).endsWith("repaired\n");
    assertThat(Path.of(segment + ".damaged")).exists();
    assertThat(CommandLineRun.of("verify", path()).exitCode()).isZero();
    assertThat(CommandLineRun.of("repair", path(), "--mode", "salvage").out())
        .isEqualTo("the log is whole\n");
  }

  @Test
  void theDatabaseAndItsFilesAreShown() throws IOException {
    fill();
    CommandLineRun store = CommandLineRun.of("dump", path());
    assertThat(store.exitCode()).isZero();
    assertThat(store.out()).startsWith("manifest MANIFEST-").contains("log segment ", "table ");
    String segment = String.valueOf(newest(".wal").getFileName());
    assertThat(CommandLineRun.of("dump", path(), segment).out())
        .contains("PUT \"key 9\" = \"value\"\n");
  }

  @Test
  void aDirectoryWithoutADatabaseStaysEmpty() throws IOException {
    for (List<String> command :
        List.of(
            List.of("verify", path()),
            List.of("dump", path()),
            List.of("repair", path(), "--mode", "salvage"))) {
      CommandLineRun run = CommandLineRun.of(command.toArray(String[]::new));
      assertThat(run.exitCode()).as("%s", command).isEqualTo(1);
      assertThat(run.err()).contains("holds no store").hasLineCount(1);
    }
    assertThat(files("")).isEmpty();
  }

  private String path() {
    return directory.toString();
  }

  /** Five commits in a table, five in the log only, and not closed. */
  private void fill() throws IOException {
    Path open = Files.createTempDirectory(directory.getParent(), "open");
    try (LsmStore store = LsmStore.open(open, LsmOptions.of(StoreOptions.DEFAULT))) {
      for (int i = 0; i < 10; i++) {
        byte[] key = ("key " + i).getBytes(StandardCharsets.UTF_8);
        byte[] value = "value".getBytes(StandardCharsets.UTF_8);
        store.write(new WriteBatch().put(key, value), Durability.SYNC);
        if (i == 4) {
          store.flush();
        }
      }
      try (Stream<Path> names = Files.list(open)) {
        for (Path name : names.toList()) {
          Files.copy(name, directory.resolve(name.getFileName()));
        }
      }
    }
  }

  private Path damage(String suffix, int offset) throws IOException {
    fill();
    Path file = newest(suffix);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 1);
    }
    return file;
  }

  /** Of log segments the one that is written to: those before it are kept for the change log. */
  private Path newest(String suffix) throws IOException {
    List<Path> files = files(suffix);
    return files.get(files.size() - 1);
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> names = Files.list(directory)) {
      return names.filter(name -> name.toString().endsWith(suffix)).sorted().toList();
    }
  }
}

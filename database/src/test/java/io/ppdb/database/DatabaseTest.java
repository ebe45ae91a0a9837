package io.ppdb.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  @TempDir private Path directory;

  private static void assertFails(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(PpdbException.class)
        .hasMessageContainingAll(words)
        .extracting(e -> ((PpdbException) e).code())
        .isEqualTo(code);
  }

  @Test
  void twoOpenersOfOneNameShareOneDatabaseUntilTheLastCloses() {
    Database first = Database.openMemory("shared");
    Database second = Database.openMemory("shared");
    first.transact(
        transaction -> {
          transaction.kv().put(KEY, VALUE);
          return null;
        });
    first.close();
    try (Transaction transaction = second.begin()) {
      assertThat(transaction.kv().get(KEY)).isEqualTo(VALUE);
    }
    assertFails(first::begin, ErrorCode.CLOSED, "shared");
    second.close();
    try (Database again = Database.openMemory("shared");
        Transaction transaction = again.begin()) {
      assertThat(transaction.kv().get(KEY)).isNull();
    }
  }

  @Test
  void closingTwiceGivesUpOneHandle() {
    try (Database first = Database.openMemory("twice")) {
      Database second = Database.openMemory("twice");
      second.close();
      second.close();
      try (Transaction transaction = first.begin()) {
        assertThat(transaction.isOpen()).isTrue();
      }
    }
  }

  @Test
  void aLocationIsADirectoryOrNamesItsEngine() throws IOException {
    Path data = Files.createDirectory(directory.resolve("located"));
    try (Database first = Database.open(data);
        Database byText = Database.open(data.toString());
        Database byScheme = Database.open("lsm://" + data)) {
      assertThat(byText.store()).isSameAs(first.store());
      assertThat(byScheme.store()).isSameAs(first.store());
    }
    try (Database first = Database.openMemory("located");
        Database byScheme = Database.open("memory://located")) {
      assertThat(byScheme.store()).isSameAs(first.store());
    }
    assertFails(
        () -> Database.open("tikv://pd/located"),
        ErrorCode.INVALID_ARGUMENT,
        "tikv://pd/located",
        "lsm, memory");
    assertFails(
        () -> Database.open("hbase://zk/located"),
        ErrorCode.NOT_SUPPORTED,
        "hbase://zk/located",
        "-Pdistributed");
  }

  @Test
  void oneDirectoryIsOneDatabaseByWhicheverPath() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), data);
    try (Database first = Database.open(data);
        Database second = Database.open(link);
        Database third = Database.open(directory.resolve("data/../data"))) {
      first.transact(
          transaction -> {
            transaction.kv().put(KEY, VALUE);
            return null;
          });
      assertThat(second.store()).isSameAs(first.store());
      assertThat(third.store()).isSameAs(first.store());
      assertThat(first.name()).isEqualTo("data");
    }
    try (Database again = Database.open(data);
        Transaction transaction = again.begin()) {
      assertThat(transaction.kv().get(KEY)).isEqualTo(VALUE);
    }
  }

  @Test
  void aDirectoryThatIsNoDatabaseIsRefusedWithTheReason() throws IOException {
    assertFails(
        () -> Database.open(directory.resolve("missing")),
        ErrorCode.INVALID_ARGUMENT,
        "missing",
        "does not exist");
    Path file = Files.writeString(directory.resolve("file"), "text");
    assertFails(() -> Database.open(file), ErrorCode.INVALID_ARGUMENT, "not a directory");
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("letter.txt"), "dear reader");
    assertThatThrownBy(() -> Database.open(foreign))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("foreign");
    assertThat(foreign.resolve("letter.txt")).hasContent("dear reader");
    try (var left = Files.list(foreign)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void aDirectoryThatIsOpenElsewhereNamesTheProcess() {
    try (LsmStore holder = LsmStore.open(directory, LsmOptions.of(StoreOptions.DEFAULT))) {
      assertThat(holder.properties().durable()).isTrue();
      assertFails(
          () -> Database.open(directory),
          ErrorCode.LOCKED,
          directory.toString(),
          "pid " + ProcessHandle.current().pid());
    }
    try (Database database = Database.open(directory)) {
      assertThat(database.store().properties().durable()).isTrue();
    }
  }

  @Test
  void aDamagedDatabaseIsRefusedNamingTheFile() throws IOException {
    Database.open(directory).close();
    Path manifest;
    try (var files = Files.list(directory)) {
      manifest =
          files
              .filter(file -> file.getFileName().toString().startsWith("MANIFEST-"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[bytes.length / 2] ^= 0x40;
    Files.write(manifest, bytes);
    assertFails(
        () -> Database.open(directory), ErrorCode.CORRUPTION, manifest.getFileName().toString());
  }

  @Test
  void transactRunsAgainAfterAConflict() {
    try (Database database = Database.openMemory("retry")) {
      int[] runs = {0};
      database.transact(
          transaction -> {
            transaction.kv().get(KEY);
            if (runs[0]++ == 0) {
              try (Transaction other = database.begin()) {
                other.kv().put(KEY, VALUE);
                other.commit();
              }
            }
            transaction.kv().put(KEY, "mine".getBytes(UTF_8));
            return null;
          });
      assertThat(runs[0]).isEqualTo(2);
      try (Transaction transaction = database.begin()) {
        assertThat(transaction.kv().get(KEY)).isEqualTo("mine".getBytes(UTF_8));
      }
    }
  }
}

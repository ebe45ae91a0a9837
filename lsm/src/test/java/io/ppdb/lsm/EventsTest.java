package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows of a store. */
class EventsTest {
  @TempDir private Path directory = Path.of("replaced by JUnit");

  @Test
  void backgroundWorkIsInTheRecording() throws IOException {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      Stream.of("Flush", "Compaction", "LogSync", "Stall", "Recovery")
          .forEach(name -> recording.enable("io.ppdb.lsm." + name).withoutThreshold());
      recording.start();
      work();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events(events, "Recovery"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getString("directory")).endsWith(MemDirectory.PATH.toString()));
    assertThat(events(events, "Flush"))
        .hasSizeGreaterThanOrEqualTo(3)
        .anySatisfy(
            event -> {
              assertThat(event.getLong("memtableBytes")).isPositive();
              assertThat(event.getLong("tableBytes")).isPositive();
            });
    assertThat(events(events, "Compaction"))
        .anySatisfy(
            event -> {
              assertThat(event.getInt("inputTableCount")).isGreaterThanOrEqualTo(2);
              assertThat(event.getInt("outputTableCount")).isOne();
              assertThat(event.getLong("outputBytes")).isPositive();
              assertThat(event.getBoolean("trivialMove")).isFalse();
            });
    assertThat(events(events, "LogSync"))
        .anySatisfy(event -> assertThat(event.getInt("recordCount")).isOne());
    assertThat(events(events, "Stall"))
        .anySatisfy(
            event -> {
              assertThat(event.getInt("levelZeroTableCount")).isGreaterThanOrEqualTo(1);
              assertThat(event.getBoolean("stopped")).isFalse();
            });
  }

  /** Every commit that finds a table in level 0 has to wait for a moment. */
  private static void work() {
    MemVfs disk = MemDirectory.fresh();
    LsmOptions options = LsmOptions.of(StoreOptions.DEFAULT).withVfs(disk).withStalls(1, 20);
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      for (int i = 0; i < 3; i++) {
        store.write(new WriteBatch().put(new byte[] {1}, new byte[] {(byte) i}), Durability.SYNC);
        store.flush();
      }
      store.compact();
    }
  }

  private static List<RecordedEvent> events(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("io.ppdb.lsm." + name))
        .toList();
  }
}

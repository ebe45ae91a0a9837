package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data of ten times the heap are loaded, scanned, and found again, in a process of its own: 320 MB
 * in 32 MB, and with {@code -Pfull} 5 GB in 512 MB; and in one transaction, 96 MB in 32 MB, and 1
 * GB in 128 MB.
 */
class BoundedMemoryTest {
  private static final boolean FULL = Integer.getInteger("ppdb.effort", 1) > 1;
  private static final int HEAP_MEGABYTES = FULL ? 512 : 32;
  private static final long DATA_BYTES = (10L * HEAP_MEGABYTES) << 20;
  private static final int TIMEOUT_MINUTES = FULL ? 60 : 5;

  @TempDir Path directory;

  @Test
  void tenTimesTheHeapIsLoadedScannedAndReopened() throws Exception {
    long free = Files.getFileStore(directory).getUsableSpace();
    assertThat(free)
        .as("free bytes on the disk of %s, for data that compress to a fifth", directory)
        .isGreaterThan(DATA_BYTES);
    Map<String, Long> seen = run(BoundedMemoryLoad.class, HEAP_MEGABYTES, DATA_BYTES);
    assertThat(seen.get("rawBytes")).isGreaterThanOrEqualTo(DATA_BYTES);
    assertThat(seen.get("maxHeapBytes")).isLessThanOrEqualTo((long) HEAP_MEGABYTES << 20);
    // By the page cache the rest is fast; what the process itself holds is small.
    assertThat(seen.get("directBytes")).as("direct buffers").isLessThan(16L << 20);
    // Of segments of the log, no table is mapped.
    assertThat(seen.get("mappedBytes")).as("mapped files").isLessThan(256L << 20);
    assertThat(seen.get("directoryBytes"))
        .as("filters and indexes of open tables")
        .isBetween(1L, Math.max(8L << 20, BoundedMemoryLoad.cacheBytes(HEAP_MEGABYTES) / 2));
  }

  @Test
  void aTransactionOfManyTimesTheHeapIsWrittenReadAndCommitted() throws Exception {
    int heapMegabytes = FULL ? 128 : 32;
    long dataBytes = (FULL ? 1_024L : 96L) << 20;
    // Scratch file, tables before and after compaction.
    assertThat(Files.getFileStore(directory).getUsableSpace()).isGreaterThan(4 * dataBytes);
    Map<String, Long> seen = run(BoundedTransaction.class, heapMegabytes, dataBytes);
    assertThat(seen.get("rawBytes")).isGreaterThanOrEqualTo(dataBytes);
    assertThat(seen.get("maxHeapBytes")).isLessThanOrEqualTo((long) heapMegabytes << 20);
  }

  private Map<String, Long> run(Class<?> process, int heapMegabytes, long dataBytes)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Path store = Files.createDirectory(directory.resolve("store"));
    Process load =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xmx" + heapMegabytes + "m",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    process.getName(),
                    store.toString(),
                    Integer.toString(heapMegabytes),
                    Long.toString(dataBytes)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = load.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      List<String> lines = new ArrayList<>(Files.readAllLines(output, StandardCharsets.UTF_8));
      assertThat(ended).as("ended in time: %s", lines).isTrue();
      assertThat(load.exitValue()).as("%s", lines).isZero();
      return lines.stream()
          .map(line -> line.split(" "))
          .filter(words -> words.length == 2 && words[1].matches("\\d+"))
          .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
    } finally {
      load.destroyForcibly();
    }
  }
}

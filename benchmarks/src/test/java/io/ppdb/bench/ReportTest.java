package io.ppdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;

  @Test
  void ratioIsTheSmallerOfThroughputAndCpuAgainstTheNearestPeer() throws IOException {
    Map<String, List<Measurement>> rounds = new LinkedHashMap<>();
    rounds.put("ppdb", List.of(measured(4_000, 1_000, "x")));
    rounds.put("slow", List.of(measured(1_000, 9_000, "x")));
    rounds.put("near", List.of(measured(2_000, 1_500, "x")));

    List<String> lines = report(rounds, true);

    assertThat(lines).contains("kv,get,ppdb,throughput,4000,ops/s", "kv,get,ppdb,cpu,1000,us/op");
    assertThat(lines).endsWith("ratio,kv,get,1.500,near");
  }

  @Test
  void medianOfTheRoundsCounts() throws IOException {
    Map<String, List<Measurement>> rounds = new LinkedHashMap<>();
    rounds.put(
        "ppdb",
        List.of(measured(1, 5_000, "x"), measured(3_000, 2_000, "x"), measured(9_000, 1, "x")));

    assertThat(report(rounds, true)).startsWith("kv,get,ppdb,throughput,3000,ops/s");
  }

  @Test
  void differentChecksumsAreAMismatch() throws IOException {
    Map<String, List<Measurement>> rounds = new LinkedHashMap<>();
    rounds.put("ppdb", List.of(measured(1_000, 1_000, "x")));
    rounds.put("peer", List.of(measured(1_000, 1_000, "y")));

    report(rounds, false);
  }

  @Test
  void ratioIsAbsentWithoutPeers() throws IOException {
    Map<String, List<Measurement>> rounds = new LinkedHashMap<>();
    rounds.put("ppdb", List.of(measured(1_000, 1_000, "x")));

    assertThat(report(rounds, true)).noneMatch(line -> line.startsWith("ratio"));
  }

  private List<String> report(Map<String, List<Measurement>> rounds, boolean expectedAgreement)
      throws IOException {
    Path file = folder.resolve("rows.csv");
    try (Report report = Report.open("kv", file)) {
      report.add("get", rounds);
      assertThat(report.finish()).isEqualTo(expectedAgreement);
    }
    return Files.readAllLines(file);
  }

  private static Measurement measured(long operationsPerSecond, long cpuMicros, String checksum) {
    return new Measurement(
        operationsPerSecond, 1_000_000_000, operationsPerSecond * cpuMicros * 1_000, checksum);
  }
}

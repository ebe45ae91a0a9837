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

  @Test
  void smallestRatioOfSeveralWaysCounts() throws IOException {
    Map<String, List<Measurement>> oneThread = new LinkedHashMap<>();
    oneThread.put("ppdb", List.of(measured(4_000, 1_000, "x")));
    oneThread.put("peer", List.of(measured(1_000, 4_000, "x")));
    Map<String, List<Measurement>> twoThreads = new LinkedHashMap<>();
    twoThreads.put("ppdb", List.of(measured(4_000, 1_000, "y")));
    twoThreads.put("peer", List.of(measured(2_000, 4_000, "y")));
    Path file = folder.resolve("rows.csv");
    try (Report report = Report.open("memory", file)) {
      report.compare(
          "get",
          List.of(
              report.addWithoutRatio("get-1t", oneThread),
              report.addWithoutRatio("get-2t", twoThreads)));
      assertThat(report.finish()).isTrue();
    }

    assertThat(Files.readAllLines(file))
        .contains("memory,get-1t,peer,throughput,1000,ops/s")
        .contains("memory,get-2t,peer,throughput,2000,ops/s")
        .filteredOn(line -> line.startsWith("ratio"))
        .containsExactly("ratio,memory,get,2.000,peer");
  }

  @Test
  void fewerBytesAreBetter() throws IOException {
    Map<String, Report.Footprint> footprints = new LinkedHashMap<>();
    footprints.put("ppdb", new Report.Footprint(100, "x"));
    footprints.put("peer", new Report.Footprint(150, "x"));
    Path file = folder.resolve("rows.csv");
    try (Report report = Report.open("memory", file)) {
      report.addFootprints("heap", "heap", "B/entry", footprints);
      assertThat(report.finish()).isTrue();
      footprints.put("peer", new Report.Footprint(150, "y"));
      report.addFootprints("heap", "heap", "B/entry", footprints);
      assertThat(report.finish()).isFalse();
    }

    assertThat(Files.readAllLines(file))
        .contains("memory,heap,ppdb,heap,100.000,B/entry", "ratio,memory,heap,1.500,peer");
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

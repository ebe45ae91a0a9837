package io.ppdb.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects measurements and prints the result rows.
 *
 * <pre>
 * suite,workload,engine,throughput,VALUE,ops/s
 * suite,workload,engine,cpu,VALUE,us/op
 * suite,workload,engine,heap,VALUE,B/entry
 * suite,workload,engine,written,VALUE,B/put
 * suite,workload,engine,disk,VALUE,B/entry
 * suite,workload,engine,checksum,VALUE,
 * ratio,suite,workload,VALUE,peer
 * </pre>
 *
 * <p>Values are medians over the rounds. The ratio to one peer is the smaller of the throughput and
 * the CPU ratio, and the row names the peer with the smallest: above 1, PPDB is better than every
 * peer in both. Not thread-safe.
 */
public final class Report implements AutoCloseable {
  private final String suite;
  private final @Nullable PrintStream file;
  private boolean allAgreed = true;

  private Report(String suite, @Nullable PrintStream file) {
    this.suite = suite;
    this.file = file;
  }

  static Report open(String suite, @Nullable Path outputFile) throws IOException {
    if (outputFile == null) {
      return new Report(suite, null);
    }
    return new Report(
        suite, new PrintStream(Files.newOutputStream(outputFile), false, StandardCharsets.UTF_8));
  }

  /**
   * Prints the rows of one workload.
   *
   * @param rounds the measured rounds of each engine, PPDB's first
   */
  public void add(String workload, Map<String, List<Measurement>> rounds) {
    compare(workload, List.of(addWithoutRatio(workload, rounds)));
  }

  /** Prints the rows of work that the sides do each in their own way. */
  public Map<String, Summary> addWithoutRatio(
      String workload, Map<String, List<Measurement>> rounds) {
    Map<String, Summary> summaries = new LinkedHashMap<>();
    rounds.forEach((engine, measurements) -> summaries.put(engine, Summary.of(measurements)));
    summaries.forEach(
        (engine, summary) -> {
          row(workload, engine, "throughput", format(summary.operationsPerSecond), "ops/s");
          row(workload, engine, "cpu", format(summary.cpuMicrosPerOperation), "us/op");
          row(workload, engine, "checksum", summary.checksum, "");
        });
    return summaries;
  }

  /**
   * Prints the one ratio of a workload that was done in several ways: the smallest of theirs.
   *
   * @param ways what {@link #addWithoutRatio} gave for each way, at least one
   */
  public void compare(String workload, List<Map<String, Summary>> ways) {
    printRatio(workload, ways, Summary::checksum, Report::ratio);
  }

  /**
   * Prints what each engine takes to hold or write the same entries, and the ratio; less is better.
   */
  public void addFootprints(
      String workload, String metric, String unit, Map<String, Footprint> footprints) {
    footprints.forEach(
        (engine, footprint) -> {
          row(workload, engine, metric, format(footprint.bytes), unit);
          row(workload, engine, "checksum", footprint.checksum, "");
        });
    printRatio(
        workload,
        List.of(footprints),
        Footprint::checksum,
        (ppdb, peer) -> peer.bytes / ppdb.bytes);
  }

  /** Notes on standard error that the results of {@code workload} differ; the command will fail. */
  public void mismatch(String workload, String what) {
    System.err.println("bench: " + suite + " " + workload + ": results differ: " + what);
    allAgreed = false;
  }

  /** Whether all results agreed. */
  boolean finish() {
    return allAgreed;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }

  /** Prints the smallest ratio over all ways and peers; the first engine of a way is PPDB. */
  private <T> void printRatio(
      String workload,
      List<Map<String, T>> ways,
      Function<T, String> checksum,
      ToDoubleBiFunction<T, T> ratio) {
    String nearestPeer = null;
    double smallestRatio = Double.POSITIVE_INFINITY;
    for (Map<String, T> way : ways) {
      Map.Entry<String, T> first = way.entrySet().iterator().next();
      String expected = checksum.apply(first.getValue());
      for (Map.Entry<String, T> peer : way.entrySet()) {
        if (peer.getKey().equals(first.getKey())) {
          continue;
        }
        String found = checksum.apply(peer.getValue());
        if (!found.equals(expected)) {
          mismatch(workload, first.getKey() + " " + expected + ", " + peer.getKey() + " " + found);
        }
        double ratioToPeer = ratio.applyAsDouble(first.getValue(), peer.getValue());
        if (ratioToPeer < smallestRatio) {
          smallestRatio = ratioToPeer;
          nearestPeer = peer.getKey();
        }
      }
    }
    if (nearestPeer != null) {
      String value = String.format(Locale.ROOT, "%.3f", smallestRatio);
      line(String.join(",", "ratio", suite, workload, value, nearestPeer));
    }
  }

  /** How many times better PPDB is than {@code peer}, in the measure where it is less so. */
  static double ratio(Summary ppdb, Summary peer) {
    return Math.min(
        ppdb.operationsPerSecond / peer.operationsPerSecond,
        peer.cpuMicrosPerOperation / ppdb.cpuMicrosPerOperation);
  }

  private void row(String workload, String engine, String metric, String value, String unit) {
    line(String.join(",", suite, workload, engine, metric, value, unit));
  }

  private void line(String text) {
    System.out.println(text);
    System.out.flush();
    if (file != null) {
      file.println(text);
    }
  }

  private static String format(double value) {
    return String.format(Locale.ROOT, value >= 1000 ? "%.0f" : "%.3f", value);
  }

  /** What an engine takes for each entry, and a digest of what it holds. */
  public record Footprint(double bytes, String checksum) {}

  /** Medians of one engine's rounds. */
  public record Summary(double operationsPerSecond, double cpuMicrosPerOperation, String checksum) {
    static Summary of(List<Measurement> rounds) {
      List<String> checksums = new ArrayList<>();
      for (Measurement round : rounds) {
        checksums.add(round.checksum());
      }
      return new Summary(
          median(rounds, Measurement::operationsPerSecond),
          // The clock ticks coarsely: a round may show less than a tick, never nothing.
          Math.max(1e-6, median(rounds, Measurement::cpuMicrosPerOperation)),
          Integer.toHexString(checksums.hashCode()));
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> metric) {
      double[] values = rounds.stream().mapToDouble(metric).sorted().toArray();
      int middle = values.length / 2;
      return values.length % 2 == 1
          ? values[middle]
          : Arrays.stream(values, middle - 1, middle + 1).average().orElseThrow();
    }
  }
}

package io.ppdb.suites.logic;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import net.hydromatic.sqllogictest.Main;

/**
 * Files of sql-logic-test, a thread for each processor, and a report of what came of them. As a
 * program, it runs the files whose names contain one of its arguments, or all files if it has none;
 * each failing record is a line.
 *
 * <pre>{@code
 * LogicTestRun evidence/ index/           all records of these files
 * LogicTestRun -Devery=100 -Dseed=7       all files: their statements, and one query in 100
 * }</pre>
 */
final class LogicTestRun {
  private LogicTestRun() {}

  /** Names of all files of the suite, in the order of the alphabet. */
  static List<String> files() {
    return Main.getTestList().stream().sorted().toList();
  }

  /**
   * Runs the files, each on a database of its own.
   *
   * @param progress is told of each result as it comes
   */
  static List<FileResult> run(
      List<String> files, Sample sample, int threadCount, Consumer<FileResult> progress)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      ExecutorCompletionService<FileResult> running = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < files.size(); i++) {
        String file = files.get(i);
        String database = "logic-test-" + i;
        running.submit(() -> LogicTestExecutor.run(file, database, sample));
      }
      List<FileResult> results = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        FileResult result = running.take().get();
        results.add(result);
        progress.accept(result);
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Writes a line for each group of files, one for all, and then one for each failing record. */
  static void report(List<FileResult> results, PrintWriter out) {
    Map<String, List<FileResult>> groups = new TreeMap<>();
    for (FileResult result : results) {
      groups.computeIfAbsent(result.group(), name -> new ArrayList<>()).add(result);
    }
    out.println("| group | files | records run | left out | failed | passed % | seconds |");
    out.println("|---|---|---|---|---|---|---|");
    groups.forEach((name, files) -> reportGroup(name, files, out));
    reportGroup("all", results, out);
    for (FileResult result : results) {
      result.failures().forEach(out::println);
    }
    out.flush();
  }

  private static void reportGroup(String name, List<FileResult> files, PrintWriter out) {
    long records = files.stream().mapToLong(FileResult::recordCount).sum();
    long skipped = files.stream().mapToLong(FileResult::skippedCount).sum();
    long failed = files.stream().mapToLong(file -> file.failures().size()).sum();
    double seconds = files.stream().mapToLong(FileResult::nanos).sum() / 1e9;
    out.printf(
        "| %s | %d | %d | %d | %d | %.4f | %.1f |%n",
        name,
        files.size(),
        records,
        skipped,
        failed,
        100.0 * (records - failed) / Math.max(1, records),
        seconds);
  }

  public static void main(String[] parts)
      throws IOException, InterruptedException, ExecutionException {
    List<String> chosen =
        files().stream()
            .filter(file -> parts.length == 0 || List.of(parts).stream().anyMatch(file::contains))
            .toList();
    Sample sample = new Sample(Integer.getInteger("every", 1), Long.getLong("seed", 0));
    List<FileResult> results =
        run(
            chosen,
            sample,
            Integer.getInteger("threads", Runtime.getRuntime().availableProcessors()),
            LogicTestRun::print);
    Path report = Path.of(System.getProperty("report", "sql-logic-test.txt"));
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(report))) {
      report(results, out);
    }
  }

  private static void print(FileResult file) {
    System.out.printf(
        "%s: %d records, %d failed, %.1f s%n",
        file.file(), file.recordCount(), file.failures().size(), file.nanos() / 1e9);
    file.failures().forEach(System.out::println);
  }
}

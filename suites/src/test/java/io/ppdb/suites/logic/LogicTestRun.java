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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.hydromatic.sqllogictest.Main;

/**
 * Files of sql-logic-test, a thread for each processor, and a report of what came of them. As a
 * program, it runs the files whose names contain one of its arguments: {@code LogicTestRun
 * evidence/}.
 */
final class LogicTestRun {
  private LogicTestRun() {}

  /** Names of all files of the suite, in the order of the alphabet. */
  static List<String> files() {
    return Main.getTestList().stream().sorted().toList();
  }

  /** Runs the files, each on a database of its own; results are in the order of the files. */
  static List<FileResult> run(List<String> files, int threadCount, Consumer<FileResult> progress)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      List<Future<FileResult>> running =
          IntStream.range(0, files.size())
              .mapToObj(
                  i -> threads.submit(() -> LogicTestExecutor.run(files.get(i), "logic-test-" + i)))
              .toList();
      List<FileResult> results = new ArrayList<>();
      for (Future<FileResult> result : running) {
        results.add(result.get());
        progress.accept(results.get(results.size() - 1));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Writes a line for each group of files, and then each failing record with its reason. */
  static void report(List<FileResult> results, PrintWriter out) {
    Map<String, List<FileResult>> groups = new TreeMap<>();
    for (FileResult result : results) {
      groups.computeIfAbsent(result.group(), name -> new ArrayList<>()).add(result);
    }
    out.println("| group | files | records | failed | passed % | seconds |");
    out.println("|---|---|---|---|---|---|");
    groups.forEach(
        (name, files) -> {
          long records = files.stream().mapToLong(FileResult::recordCount).sum();
          long failed = files.stream().mapToLong(file -> file.failures().size()).sum();
          double seconds = files.stream().mapToLong(FileResult::nanos).sum() / 1e9;
          out.printf(
              "| %s | %d | %d | %d | %.4f | %.1f |%n",
              name, files.size(), records, failed, 100.0 * (records - failed) / records, seconds);
        });
    for (FileResult result : results) {
      for (FileResult.Failure failure : result.failures()) {
        out.printf(
            "%n%s%n  %s%n  %s%n",
            failure.file(), failure.sql().replaceAll("\\s+", " "), failure.reason());
      }
    }
    out.flush();
  }

  public static void main(String[] parts)
      throws IOException, InterruptedException, ExecutionException {
    List<String> chosen =
        files().stream().filter(file -> List.of(parts).stream().anyMatch(file::contains)).toList();
    List<FileResult> results =
        run(
            chosen,
            Integer.getInteger("threads", 2),
            file ->
                System.out.printf(
                    "%s: %d records, %d failed, %.1f s%n",
                    file.file(), file.recordCount(), file.failures().size(), file.nanos() / 1e9));
    Path report = Path.of(System.getProperty("report", "sql-logic-test.txt"));
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(report))) {
      report(results, out);
    }
  }
}

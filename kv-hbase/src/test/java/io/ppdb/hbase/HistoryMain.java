package io.ppdb.hbase;

import io.ppdb.kv.contract.HistoryProcess;
import java.io.IOException;
import java.nio.file.Path;

/** A process of {@link HBaseHistoryTest}: a gateway of its own, and one client of a history. */
final class HistoryMain {
  private HistoryMain() {}

  /** Arguments: location, number, seed, file. Goes on until its standard input ends. */
  public static void main(String[] arguments) throws IOException {
    HistoryProcess.run(
        options -> new HBaseEngine().open(arguments[0], options),
        Integer.parseInt(arguments[1]),
        Long.parseLong(arguments[2]),
        HistoryMain::goesOn,
        Path.of(arguments[3]));
    // Threads of HBase and Omid outlive their connections.
    System.exit(0);
  }

  private static boolean goesOn() {
    try {
      return System.in.available() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

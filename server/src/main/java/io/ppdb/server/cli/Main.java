package io.ppdb.server.cli;

/** The program {@code ppdb}. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    int exitCode = new Program(Streams.ofProcess()).run(args);
    System.exit(exitCode);
  }
}

package io.ppdb.server.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes. All text is UTF-8, whatever the locale says.
 *
 * @param in statements, if no option names another place
 * @param out results, and nothing else
 * @param err progress and errors
 */
record Streams(InputStream in, PrintStream out, PrintStream err) {
  static Streams ofProcess() {
    return new Streams(
        System.in,
        print(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)),
        print(new FileOutputStream(FileDescriptor.err)));
  }

  static PrintStream print(OutputStream target) {
    return new PrintStream(target, /* autoFlush= */ false, StandardCharsets.UTF_8);
  }

  /** One line to stderr, after what has gone to stdout. */
  void tell(String line) {
    out.flush();
    err.println(line);
    err.flush();
  }
}

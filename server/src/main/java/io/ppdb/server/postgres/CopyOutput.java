package io.ppdb.server.postgres;

import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The rows of COPY … TO STDOUT: a CopyData message for each line. */
final class CopyOutput extends Writer {
  private final BackendWriter out;
  private final StringBuilder line = new StringBuilder();

  CopyOutput(BackendWriter out) {
    this.out = out;
  }

  @Override
  public void write(char[] characters, int offset, int length) {
    int start = offset;
    for (int i = offset; i < offset + length; i++) {
      if (characters[i] == '\n') {
        line.append(characters, start, i + 1 - start);
        send();
        start = i + 1;
      }
    }
    line.append(characters, start, offset + length - start);
  }

  private void send() {
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    line.setLength(0);
    out.copyData(bytes, 0, bytes.length);
  }

  /** Sends what is after the last line, if anything is. */
  void end() {
    if (line.length() > 0) {
      send();
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

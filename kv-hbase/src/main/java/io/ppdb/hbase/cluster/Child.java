package io.ppdb.hbase.cluster;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that says when it is ready, and then answers lines with lines. It ends with its
 * standard input, and so with this process, however that ends.
 */
final class Child {
  /** What the lines begin with that are answers: libraries write to standard output too. */
  static final String ANSWER = "## ";

  /** What an answer begins with if the command was not done. */
  static final String FAILED = "failed: ";

  private static final String ENDED = FAILED + "the process has ended";
  private static final int MAX_WAIT_SECONDS = 240;

  private final Process process;
  private final Path log;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts {@code command}, which writes its errors to {@code log}. */
  static Child start(List<String> command, Path log) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    Child child = new Child(process, log);
    Thread reader = new Thread(child::read, "answers of " + log.getFileName());
    reader.setDaemon(true);
    reader.start();
    return child;
  }

  /** Waits until it says that it is ready; ends it if it does not. */
  void awaitReady() throws IOException {
    boolean ready = false;
    try {
      answer();
      ready = true;
    } finally {
      if (!ready) {
        kill();
      }
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(line.substring(ANSWER.length()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      answers.add(ENDED);
    }
  }

  /** The answer to {@code command}. */
  String ask(String command) throws IOException {
    BufferedWriter commands = process.outputWriter(StandardCharsets.UTF_8);
    commands.write(command);
    commands.newLine();
    commands.flush();
    return answer();
  }

  private String answer() throws IOException {
    @Nullable String answer;
    try {
      answer = answers.poll(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer = FAILED + "interrupted";
    }
    if (answer == null) {
      answer = FAILED + "no answer within " + MAX_WAIT_SECONDS + " s";
    }
    if (answer.startsWith(FAILED)) {
      throw new IOException(answer + "; its messages are in " + log);
    }
    return answer;
  }

  /** Ends the process at once. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

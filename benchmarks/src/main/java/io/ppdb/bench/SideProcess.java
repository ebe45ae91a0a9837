package io.ppdb.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The parent's end of a child JVM that runs one engine; see {@link SideMain} for the protocol.
 *
 * <p>Not thread-safe: only one side works at a time, or they would disturb each other.
 */
public final class SideProcess implements AutoCloseable {
  private static final List<String> JVM_OPTIONS =
      List.of("-Xms1g", "-Xmx4g", "-XX:+UseG1GC", "-Dslf4j.internal.verbosity=ERROR");

  private final String engine;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private SideProcess(String engine, Process process) {
    this.engine = engine;
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static SideProcess start(Installation installation, String suite, Contender contender)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(contender.jvmOptions());
    command.add("-cp");
    command.add(installation.classPath(contender.libraries()));
    command.add(SideMain.class.getName());
    command.add(suite);
    command.add(contender.name());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new SideProcess(contender.name(), process);
  }

  /** The name that the engine has in result rows. */
  public String engine() {
    return engine;
  }

  /** Sends a request and waits for its answer. */
  public List<String> request(Object... words) {
    List<String> texts = new ArrayList<>();
    for (Object word : words) {
      texts.add(word.toString());
    }
    try {
      requests.write(String.join("\t", texts));
      requests.newLine();
      requests.flush();
      return readAnswer(texts.get(0));
    } catch (IOException e) {
      throw new BenchException(engine + ": the side's process ended during " + texts.get(0), e);
    }
  }

  /** Sends a request whose answer is a measurement. */
  public Measurement measure(Object... words) {
    return Measurement.parse(request(words));
  }

  /** Ends the child and waits for it. */
  @Override
  public void close() {
    try {
      requests.close();
      if (process.waitFor(20, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      // It is gone already; the next line sees to the rest.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private List<String> readAnswer(String verb) throws IOException {
    String status = answers.readLine();
    if (status == null) {
      throw new IOException("end of output");
    }
    if (!status.startsWith("ok ")) {
      throw new BenchException(engine + ": " + verb + " failed: " + status);
    }
    int lineCount = Integer.parseInt(status.substring(3));
    List<String> lines = new ArrayList<>(lineCount);
    for (int i = 0; i < lineCount; i++) {
      lines.add(answers.readLine());
    }
    return lines;
  }
}

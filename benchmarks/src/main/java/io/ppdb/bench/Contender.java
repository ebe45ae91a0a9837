package io.ppdb.bench;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An engine that a suite can run.
 *
 * @param name its name in result rows
 * @param libraries the folder of libraries it runs on; null if the JDK is enough
 * @param jvmOptions what it needs beyond the options all sides share
 */
public record Contender(String name, @Nullable String libraries, List<String> jvmOptions) {
  /** PPDB itself: always the first side. */
  public static final Contender PPDB = new Contender("ppdb");

  public Contender(String name) {
    this(name, name, List.of());
  }

  /** An engine that is part of the JDK. */
  public static Contender ofJdk(String name) {
    return new Contender(name, null, List.of());
  }

  /** Starts a fresh JVM that runs this engine for {@code suite}. */
  public SideProcess start(Installation installation, String suite) throws IOException {
    return SideProcess.start(installation, suite, this);
  }
}

package io.ppdb.server.cli;

import io.ppdb.kv.PpdbException;
import io.ppdb.server.config.ConfigurationException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands and what they have in common: usage, version, exit codes, how errors are told. */
@Command(
    name = "ppdb",
    description = "One transactional store: SQL, Gremlin, time series and key-value.",
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ServerCommand.class,
      SqlCommand.class,
      GremlinCommand.class,
      VerifyCommand.class,
      DumpCommand.class,
      RepairCommand.class,
      RestoreCommand.class,
      ClusterCommand.class,
      BenchCommand.class
    })
final class Program implements Runnable {
  static final int EXIT_OK = 0;
  static final int EXIT_FAILED = 1;
  static final int EXIT_USAGE = 2;

  private final Streams streams;

  @Spec @Nullable CommandSpec spec;

  Program(Streams streams) {
    this.streams = streams;
  }

  /** Runs one command and returns its exit code. */
  int run(String... args) {
    CommandLine commandLine =
        new CommandLine(this)
            .setOut(writer(streams.out()))
            .setErr(writer(streams.err()))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((e, a) -> tellUsage(e))
            .setExecutionExceptionHandler((e, c, r) -> tellFailure(e));
    int exitCode;
    try {
      exitCode = commandLine.execute(args);
    } catch (StackOverflowError | OutOfMemoryError e) {
      exitCode = tellFailure(e);
    }
    streams.err().flush();
    if (streams.out().checkError() && exitCode == EXIT_OK) {
      streams.tell("ppdb: cannot write to stdout: results are missing");
      return EXIT_FAILED;
    }
    return exitCode;
  }

  Streams streams() {
    return streams;
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec().commandLine(), "no command given");
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not parsed yet");
    }
    return spec;
  }

  private int tellUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    streams.tell("ppdb: " + firstLine(e.getMessage()).replaceFirst("^Error: ", ""));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    streams.tell("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return EXIT_USAGE;
  }

  /** One line; the stack trace of a defect only if it is asked for. */
  private int tellFailure(Throwable e) {
    if (System.getenv("PPDB_DEBUG") != null) {
      streams.out().flush();
      e.printStackTrace(streams.err());
    }
    streams.tell("ppdb: " + describe(e));
    return EXIT_FAILED;
  }

  static String describe(Throwable e) {
    if (e instanceof CommandFailure) {
      return e.getCause() instanceof ConfigurationException
          ? String.valueOf(e.getMessage())
          : firstLine(e.getMessage());
    }
    if (e instanceof SQLException sql) {
      return "ERROR " + sql.getSQLState() + ": " + firstLine(e.getMessage());
    }
    if (e instanceof PpdbException ppdb) {
      return "ERROR " + ppdb.code().sqlState() + ": " + firstLine(e.getMessage());
    }
    if (e instanceof StackOverflowError) {
      return "the statement is nested too deeply";
    }
    if (e instanceof OutOfMemoryError) {
      return "out of memory; PPDB_JAVA_OPTS=-Xmx4g gives more";
    }
    if (e instanceof CharacterCodingException) {
      return "the script is not UTF-8";
    }
    if (e instanceof UncheckedIOException || e instanceof java.io.IOException) {
      return firstLine(e.getMessage());
    }
    return "internal error: " + firstLine(e.toString()) + " (PPDB_DEBUG=1 shows where)";
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(
        new OutputStreamWriter(stream, StandardCharsets.UTF_8), /* autoFlush= */ true);
  }

  /** A message as one line. */
  private static String firstLine(@Nullable String message) {
    return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** {@code ppdb 0.1.0-SNAPSHOT (Java 17.0.15)}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Program.class.getPackage().getImplementationVersion();
      return new String[] {
        "ppdb "
            + (version == null ? "development" : version)
            + " (Java "
            + System.getProperty("java.version")
            + ")"
      };
    }
  }
}

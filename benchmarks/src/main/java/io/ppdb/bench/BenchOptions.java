package io.ppdb.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of {@code ppdb bench} asks for.
 *
 * @param suite the suite's name
 * @param quick fixed small sizes: the whole suite in at most a minute
 * @param scaleFactor scale factor of suites that have one; 0 if not given
 * @param peers names of the peers to run; null means those the suite runs by default
 * @param outputFile file that gets the result rows too; null means none
 * @param remote PPDB's server over the network instead of PPDB in the process
 */
public record BenchOptions(
    String suite,
    boolean quick,
    double scaleFactor,
    @Nullable List<String> peers,
    @Nullable Path outputFile,
    boolean remote) {
  static final String USAGE =
      "usage: ppdb bench SUITE [--quick] [--sf N] [--peers a,b] [--out FILE] [--remote]";

  /** Fails with IllegalArgumentException, whose message names the argument at fault. */
  static BenchOptions parse(String[] arguments) {
    String suite = null;
    boolean quick = false;
    double scaleFactor = 0;
    List<String> peers = null;
    Path outputFile = null;
    boolean remote = false;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      switch (argument) {
        case "--quick" -> quick = true;
        case "--sf" -> scaleFactor = parseScaleFactor(valueOf(arguments, ++i));
        case "--peers" -> peers = parsePeers(valueOf(arguments, ++i));
        case "--out" -> outputFile = Path.of(valueOf(arguments, ++i));
        case "--remote" -> remote = true;
        default -> {
          if (argument.startsWith("-") || suite != null) {
            throw new IllegalArgumentException("unexpected argument '" + argument + "'");
          }
          suite = argument;
        }
      }
    }
    if (suite == null) {
      throw new IllegalArgumentException("which suite?");
    }
    return new BenchOptions(suite, quick, scaleFactor, peers, outputFile, remote);
  }

  /** The whole name of the suite. */
  String suiteName() {
    return remote ? suite + "-remote" : suite;
  }

  /** The names of the peers to run in a suite that runs {@code defaultPeers} if none are named. */
  public List<String> peersOr(List<String> defaultPeers) {
    return peers == null ? defaultPeers : peers;
  }

  private static String valueOf(String[] arguments, int index) {
    if (index == arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }

  private static double parseScaleFactor(String text) {
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && value <= 1000) {
        return value;
      }
    } catch (NumberFormatException e) {
      // answered below, like a number out of range
    }
    throw new IllegalArgumentException("--sf: expected a number in (0, 1000], got '" + text + "'");
  }

  private static List<String> parsePeers(String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return List.copyOf(names);
  }
}

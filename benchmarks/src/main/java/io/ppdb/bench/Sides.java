package io.ppdb.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The running sides of a suite, PPDB's first. They work in turns, never at the same time. */
public final class Sides implements AutoCloseable {
  private final List<SideProcess> processes = new ArrayList<>();

  private Sides() {}

  /**
   * Starts PPDB's side and those of the peers that are installed; names the others on standard
   * error.
   *
   * @param known the peers that the suite has adapters for
   * @param wanted the names of the peers to run
   */
  public static Sides start(
      Installation installation, String suite, List<Contender> known, List<String> wanted)
      throws IOException {
    return start(installation, suite, Contender.PPDB, known, wanted);
  }

  /** The same, with PPDB's side started as {@code ppdb} says. */
  public static Sides start(
      Installation installation,
      String suite,
      Contender ppdb,
      List<Contender> known,
      List<String> wanted)
      throws IOException {
    Sides sides = new Sides();
    sides.processes.add(ppdb.start(installation, suite));
    for (String name : wanted) {
      Optional<Contender> peer = known.stream().filter(each -> each.name().equals(name)).findAny();
      if (peer.isPresent() && installation.has(peer.get().libraries())) {
        sides.processes.add(peer.get().start(installation, suite));
      } else {
        System.err.println("bench: peer " + name + " is not installed; its rows are absent");
      }
    }
    return sides;
  }

  public void forEach(Consumer<SideProcess> action) {
    processes.forEach(action);
  }

  /**
   * Measures every side {@code roundCount} times after one round of warming up, all sides in each
   * round, so that a disturbance of the machine meets all of them.
   */
  public Map<String, List<Measurement>> rounds(int roundCount, Round round) {
    return rounds(roundCount, engine -> true, round);
  }

  /** The same for the engines that take part. */
  public Map<String, List<Measurement>> rounds(
      int roundCount, Predicate<String> engines, Round round) {
    List<SideProcess> sides =
        processes.stream().filter(side -> engines.test(side.engine())).toList();
    Map<String, List<Measurement>> measurements = new LinkedHashMap<>();
    for (int number = 0; number <= roundCount; number++) {
      for (SideProcess side : sides) {
        Measurement measurement = round.measure(side, number);
        if (number > 0) {
          measurements.computeIfAbsent(side.engine(), engine -> new ArrayList<>()).add(measurement);
        }
      }
    }
    return measurements;
  }

  @Override
  public void close() {
    processes.forEach(SideProcess::close);
  }

  /** One measurement of one side; round 0 warms up. */
  public interface Round {
    Measurement measure(SideProcess side, int round);
  }
}

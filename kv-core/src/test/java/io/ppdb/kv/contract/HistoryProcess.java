package io.ppdb.kv.contract;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.Execution.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Histories whose clients are processes, over a store parts of which may fail meanwhile. Each
 * process runs {@link #run}; when all have ended, one of them or another one runs {@link #judge}.
 */
public final class HistoryProcess {
  /** What is wrong, and how much was tried. */
  public record Verdict(List<String> violations, int committed, int refused, int failed) {}

  /** A merge operator in a file. */
  private record OperatorId(int id) implements Serializable {}

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private HistoryProcess() {}

  /** Sets what the histories take for granted; before the processes start. */
  public static void prepare(KeyValueStore store) {
    Histories.setPolicies(store, Histories.MAX_HISTORY_MILLIS);
  }

  /**
   * Makes calls as long as {@code goesOn}, and writes what was recorded to {@code file}. A call
   * that fails because a part of the store is away ends what was under way.
   *
   * @param opener opens the store
   * @param number of the process, from 0
   */
  public static void run(
      Function<StoreOptions, KeyValueStore> opener,
      int number,
      long seed,
      BooleanSupplier goesOn,
      Path file)
      throws IOException {
    ManualClock clock = new ManualClock();
    HistoryClient client;
    try (KeyValueStore store = opener.apply(StoreOptions.DEFAULT.withClock(clock))) {
      client = new HistoryClient(number, seed * 31 + number, store, clock, new AtomicLong());
      while (goesOn.getAsBoolean()) {
        tryTo(client, client::step);
      }
      tryTo(client, client::finish);
    }
    try (OutputStream out = Files.newOutputStream(file);
        Writer writer = new Writer(out)) {
      writer.writeObject(new ArrayList<>(client.finished()));
    }
  }

  private static void tryTo(HistoryClient client, Runnable call) {
    try {
      call.run();
    } catch (PpdbException e) {
      switch (e.code()) {
        case CONFLICT, SNAPSHOT_TOO_OLD -> client.giveUp(true);
        case UNAVAILABLE -> {
          client.giveUp(true);
          LockSupport.parkNanos(PAUSE_NANOS); // or what is away would be asked for all the time
        }
        case COMMIT_UNKNOWN -> client.giveUp(false);
        default -> throw e;
      }
    }
  }

  /**
   * Judges what the processes have written.
   *
   * @param isExact see {@link Upkeep#isExact}
   */
  public static Verdict judge(List<Path> files, boolean isExact)
      throws IOException, ClassNotFoundException {
    List<Execution> all = new ArrayList<>();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file);
          Reader reader = new Reader(in)) {
        for (Object execution : (List<?>) reader.readObject()) {
          all.add((Execution) execution);
        }
      }
    }
    NavigableMap<Long, Long> newest = newestByTime(all);
    for (Execution execution : all) {
      execution.returnedBefore = newestBefore(newest, execution.beganNanos);
      execution.returnedBeforeCommit = newestBefore(newest, execution.commitAskedNanos);
    }
    List<String> violations =
        new ArrayList<>(new History(all, null, Histories.MAX_HISTORY_MILLIS, isExact).violations());
    all.stream()
        .filter(execution -> execution.outcome == Outcome.UNKNOWN)
        .forEach(execution -> violations.add(execution + ": nobody knows whether it committed"));
    return new Verdict(
        violations,
        count(all, Outcome.COMMITTED),
        count(all, Outcome.CONFLICT),
        count(all, Outcome.ROLLED_BACK));
  }

  /** The greatest version that a commit of any process had returned, since when. */
  private static NavigableMap<Long, Long> newestByTime(List<Execution> all) {
    NavigableMap<Long, Long> newest = new TreeMap<>();
    all.stream()
        .filter(execution -> execution.outcome == Outcome.COMMITTED)
        .sorted(Comparator.comparingLong(execution -> execution.endedNanos))
        .forEach(
            execution -> {
              long before = newest.isEmpty() ? 0 : newest.lastEntry().getValue();
              newest.put(execution.endedNanos, Math.max(before, execution.commitVersion));
            });
    return newest;
  }

  private static long newestBefore(NavigableMap<Long, Long> newest, long nanos) {
    Map.Entry<Long, Long> before = newest.lowerEntry(nanos);
    return before == null ? 0 : before.getValue();
  }

  private static int count(List<Execution> all, Outcome outcome) {
    return (int) all.stream().filter(execution -> execution.outcome == outcome).count();
  }

  private static final class Writer extends ObjectOutputStream {
    Writer(OutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      return object instanceof MergeOperator operator ? new OperatorId(operator.id()) : object;
    }
  }

  private static final class Reader extends ObjectInputStream {
    Reader(InputStream in) throws IOException {
      super(in);
      enableResolveObject(true);
    }

    @Override
    protected Object resolveObject(Object object) {
      return object instanceof OperatorId operator
          ? MergeOperators.builtIn().stream()
              .filter(known -> known.id() == operator.id)
              .findFirst()
              .orElseThrow()
          : object;
    }
  }
}

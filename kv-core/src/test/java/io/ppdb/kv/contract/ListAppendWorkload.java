package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists of numbers, each number appended once (after K. Kingsbury and P. Alvaro, "Elle", 2020): a
 * list that was read tells all writes before it in order, so who must come before whom follows from
 * what was read, without any version that the store gives. An absent key is an empty list, so scans
 * tell of phantoms too.
 */
final class ListAppendWorkload implements Workload {
  private static final int KEY_COUNT = 5;
  private static final KeyRange LISTS = KeyRange.prefix(bytes("l/"));

  /** What a committed transaction read first of each key, and appended. */
  private record Observation(
      int id, Map<String, List<Integer>> reads, Map<String, List<Integer>> appends) {}

  private final Isolation isolation;
  private final Isolation judged;
  private final AtomicInteger lastId = new AtomicInteger();
  private final AtomicInteger lastNumber = new AtomicInteger();
  private final List<Observation> committed = Collections.synchronizedList(new ArrayList<>());
  private final List<String> unstable = Collections.synchronizedList(new ArrayList<>());
  private @Nullable KeyValueStore store;

  ListAppendWorkload(Isolation isolation, Isolation judged) {
    this.isolation = isolation;
    this.judged = judged;
  }

  @Override
  public void setUp(KeyValueStore newStore) {
    store = newStore;
  }

  @Override
  public Plan plan(Random random) {
    Observation observation =
        new Observation(lastId.incrementAndGet(), new TreeMap<>(), new TreeMap<>());
    List<Consumer<Transaction>> steps = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String key = "l/" + random.nextInt(KEY_COUNT);
      boolean descending = random.nextBoolean();
      steps.add(
          switch (random.nextInt(6)) {
            case 0 -> t -> readAll(t, observation, descending);
            case 1, 2 -> t -> read(t, observation, key);
            default -> t -> append(t, observation, key);
          });
    }
    return new Plan(isolation, steps, version -> committed.add(observation));
  }

  private List<Integer> read(ReadView view, Observation observation, String key) {
    List<Integer> numbers = numbers(Texts.get(view, key));
    observed(observation, key, numbers);
    return numbers;
  }

  private void readAll(ReadView view, Observation observation, boolean descending) {
    observed(observation, numbersByKey(view, descending));
  }

  private static Map<String, List<Integer>> numbersByKey(ReadView view, boolean descending) {
    Map<String, List<Integer>> found = new TreeMap<>();
    for (int i = 0; i < KEY_COUNT; i++) {
      found.put("l/" + i, List.of());
    }
    ScanOptions options = ScanOptions.ASCENDING.withDescending(descending);
    try (Cursor cursor = view.scan(LISTS, options)) {
      while (cursor.next()) {
        found.put(Texts.text(cursor.key()), numbers(Texts.text(cursor.value())));
      }
    }
    return found;
  }

  private void observed(Observation observation, Map<String, List<Integer>> found) {
    found.forEach((key, numbers) -> observed(observation, key, numbers));
  }

  /** Keeps what was read of the store, before own appends; later reads must agree with it. */
  private void observed(Observation observation, String key, List<Integer> numbers) {
    List<Integer> expected = new ArrayList<>(observation.reads.getOrDefault(key, numbers));
    expected.addAll(observation.appends.getOrDefault(key, List.of()));
    if (observation.reads.containsKey(key) && !expected.equals(numbers)) {
      unstable.add(observation + " read " + expected + " of " + key + ", then " + numbers);
    }
    observation.reads.putIfAbsent(key, numbers);
  }

  private void append(Transaction transaction, Observation observation, String key) {
    List<Integer> numbers = read(transaction, observation, key);
    int number = lastNumber.incrementAndGet();
    String before = numbers.isEmpty() ? "" : Texts.get(transaction, key) + " ";
    transaction.put(bytes(key), bytes(before + number));
    observation.appends.computeIfAbsent(key, k -> new ArrayList<>()).add(number);
  }

  private static List<Integer> numbers(@Nullable String text) {
    return text == null ? List.of() : Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
  }

  @Override
  public List<String> violations() {
    List<String> violations = new ArrayList<>(unstable);
    if (store == null) {
      return violations;
    }
    Map<String, List<Integer>> finals;
    try (Snapshot snapshot = store.snapshot()) {
      finals = numbersByKey(snapshot, false);
    }
    Map<Integer, Integer> writers = new HashMap<>();
    for (Observation observation : committed) {
      observation.appends.forEach(
          (key, numbers) -> {
            numbers.forEach(number -> writers.put(number, observation.id));
            List<Integer> last = finals.getOrDefault(key, List.of());
            if (Collections.indexOfSubList(last, numbers) < 0) {
              violations.add("appends " + numbers + " to " + key + " are not together in " + last);
            }
          });
    }
    DependencyGraph graph = new DependencyGraph();
    finals.forEach(
        (key, numbers) -> {
          for (int i = 0; i < numbers.size(); i++) {
            Integer writer = writers.get(numbers.get(i));
            if (writer == null) {
              violations.add(key + " has " + numbers.get(i) + ", which nobody committed");
              return;
            }
            if (i > 0) {
              graph.dependency(writers.getOrDefault(numbers.get(i - 1), writer), writer);
            }
          }
        });
    if (violations.isEmpty()) {
      for (Observation observation : committed) {
        observation.reads.forEach(
            (key, numbers) -> {
              List<Integer> last = finals.getOrDefault(key, List.of());
              int count = numbers.size();
              if (count > last.size() || !numbers.equals(last.subList(0, count))) {
                violations.add(numbers + " was read of " + key + ", which became " + last);
                return;
              }
              if (count > 0) {
                graph.dependency(
                    writers.getOrDefault(last.get(count - 1), observation.id), observation.id);
              }
              if (count < last.size()) {
                graph.antiDependency(
                    observation.id, writers.getOrDefault(last.get(count), observation.id));
              }
            });
      }
      List<Integer> cycle =
          judged == Isolation.SERIALIZABLE
              ? graph.cycle()
              : graph.cycleWithAtMostOneAntiDependency();
      if (cycle != null) {
        violations.add(describe(cycle));
      }
    }
    return violations;
  }

  private String describe(List<Integer> cycle) {
    StringBuilder text = new StringBuilder("a cycle:");
    for (Observation observation : committed) {
      if (cycle.contains(observation.id)) {
        text.append(' ').append(observation);
      }
    }
    return text.toString();
  }
}

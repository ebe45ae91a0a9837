package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;

import io.ppdb.kv.Durability;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A schema whose epoch is the value of one key, and rows that say which epoch they were written
 * under. Writers, transactions and blind batches, require the epoch's key unchanged; so every row
 * is of the epoch that was the current one at the version of its commit.
 */
final class SchemaEpochWorkload implements Workload {
  private static final String SCHEMA = "schema";

  private record Row(long version, int epoch, boolean blind) {}

  /** By the version that they begin at. */
  private final ConcurrentSkipListMap<Long, Integer> epochs = new ConcurrentSkipListMap<>();

  private final ConcurrentLinkedQueue<Row> rows = new ConcurrentLinkedQueue<>();
  private @Nullable KeyValueStore store;

  @Override
  public void setUp(KeyValueStore newStore) {
    store = newStore;
    epochs.put(
        newStore.write(new WriteBatch().put(bytes(SCHEMA), bytes("0")), Durability.ASYNC), 0);
  }

  @Override
  public Plan plan(Random random) {
    String row = "r/" + random.nextInt(1000);
    return switch (random.nextInt(8)) {
      case 0 -> change();
      case 1, 2, 3 -> writeBatch(row);
      default -> write(row);
    };
  }

  private static int epoch(ReadView view) {
    String epoch = Texts.get(view, SCHEMA);
    return epoch == null ? -1 : Integer.parseInt(epoch);
  }

  private Plan change() {
    int[] epoch = new int[1];
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(t -> epoch[0] = epoch(t) + 1, t -> t.put(bytes(SCHEMA), bytes("" + epoch[0]))),
        version -> epochs.put(version, epoch[0]));
  }

  private Plan write(String row) {
    int[] epoch = new int[1];
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> {
              epoch[0] = epoch(t);
              t.requireUnchanged(bytes(SCHEMA));
            },
            t -> t.put(bytes(row), bytes("" + epoch[0]))),
        version -> rows.add(new Row(version, epoch[0], false)));
  }

  /** Its transaction does nothing; the batch is one of its steps. */
  private Plan writeBatch(String row) {
    int[] epoch = new int[1];
    long[] known = new long[1];
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> {
              epoch[0] = epoch(t);
              known[0] = t.version();
            },
            t -> {
              WriteBatch batch =
                  new WriteBatch()
                      .put(bytes(row), bytes("" + epoch[0]))
                      .requireUnchanged(bytes(SCHEMA), known[0]);
              if (store != null) {
                rows.add(new Row(store.write(batch, Durability.ASYNC), epoch[0], true));
              }
            }));
  }

  @Override
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    for (Row row : rows) {
      Map.Entry<Long, Integer> current = epochs.floorEntry(row.version);
      if (current == null || current.getValue() != row.epoch) {
        violations.add(row + " was written under " + current);
      }
    }
    if (store != null) {
      try (Snapshot snapshot = store.snapshot()) {
        int last = epochs.lastEntry().getValue();
        if (epoch(snapshot) != last) {
          violations.add("the last epoch is " + epoch(snapshot) + ", not " + last);
        }
      }
    }
    return violations;
  }
}

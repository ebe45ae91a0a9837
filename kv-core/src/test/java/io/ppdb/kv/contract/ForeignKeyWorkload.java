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
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Parents {@code p/i} and children {@code k/i/n}. Whoever adds a child guards its parent's
 * existence key {@code x/i}, which only deletion of the parent locks: no child is ever without a
 * parent, under SNAPSHOT, and updates of a parent disturb nobody.
 */
final class ForeignKeyWorkload implements Workload {
  private static final int PARENT_COUNT = 3;

  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger lastChild = new AtomicInteger();
  private @Nullable KeyValueStore store;

  @Override
  public void setUp(KeyValueStore newStore) {
    store = newStore;
  }

  @Override
  public Plan plan(Random random) {
    int parent = random.nextInt(PARENT_COUNT);
    return switch (random.nextInt(9)) {
      case 0 -> new Plan(Isolation.SNAPSHOT, List.of(this::audit));
      case 1, 2 ->
          new Plan(
              Isolation.SNAPSHOT, List.of(t -> t.putIfAbsent(bytes("p/" + parent), bytes("1"))));
      case 3 -> update(parent);
      case 4 -> deleteAll(parent);
      case 5 -> deleteIfChildless(parent);
      case 6 -> deleteChild(parent);
      default -> addChild(parent);
    };
  }

  private static boolean exists(ReadView view, int parent) {
    return view.get(bytes("p/" + parent)) != null;
  }

  private static @Nullable String firstChild(ReadView view, int parent) {
    try (Cursor cursor =
        view.scan(children(parent), ScanOptions.ASCENDING.withKeysOnly(true).withMaxEntries(1))) {
      return cursor.next() ? Texts.text(cursor.key()) : null;
    }
  }

  private static KeyRange children(int parent) {
    return KeyRange.prefix(bytes("k/" + parent + "/"));
  }

  private Plan addChild(int parent) {
    String child = "k/" + parent + "/" + lastChild.incrementAndGet();
    boolean[] found = new boolean[1];
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> found[0] = exists(t, parent),
            t -> {
              if (found[0]) {
                t.guard(bytes("x/" + parent));
                t.put(bytes(child), bytes("1"));
              }
            }));
  }

  private static Plan update(int parent) {
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> {
              if (exists(t, parent)) {
                t.put(bytes("p/" + parent), bytes("2"));
              }
            }));
  }

  private static Plan deleteChild(int parent) {
    @Nullable String[] found = new String[1];
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> found[0] = firstChild(t, parent),
            t -> {
              if (found[0] != null) {
                t.delete(bytes(found[0]));
              }
            }));
  }

  private static Plan deleteIfChildless(int parent) {
    boolean[] childless = new boolean[1];
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> childless[0] = exists(t, parent) && firstChild(t, parent) == null,
            t -> {
              if (childless[0]) {
                deleteParent(t, parent);
              }
            }));
  }

  /** Deletes the children that it sees one by one, as a cascade does. */
  private static Plan deleteAll(int parent) {
    return new Plan(
        Isolation.SNAPSHOT,
        List.of(
            t -> {
              try (Cursor cursor = t.scan(children(parent))) {
                while (cursor.next()) {
                  t.delete(cursor.key().toByteArray());
                }
              }
            },
            t -> deleteParent(t, parent)));
  }

  private static void deleteParent(Transaction transaction, int parent) {
    transaction.lockForUpdate(bytes("x/" + parent));
    transaction.delete(bytes("p/" + parent));
  }

  private void audit(ReadView view) {
    for (int i = 0; i < PARENT_COUNT; i++) {
      String child = firstChild(view, i);
      if (child != null && !exists(view, i)) {
        violations.add(child + " has no parent at version " + view.version());
      }
    }
  }

  @Override
  public List<String> violations() {
    if (store != null) {
      try (Snapshot snapshot = store.snapshot()) {
        audit(snapshot);
      }
    }
    return List.copyOf(violations);
  }
}

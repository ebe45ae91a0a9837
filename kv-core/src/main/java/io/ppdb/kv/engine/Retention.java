package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which entries of a merge are kept, and folds operands.
 *
 * <p>Exact for every view at or above the horizon of a key, and nothing else counts:
 *
 * <ul>
 *   <li>Entries above the horizon's version stay.
 *   <li>Of those at or below it, a view sees the newest only. If that is a PUT it stays; if it is a
 *       DELETE, or a PUT that expired by the horizon's instant, it stays as a DELETE, and not at
 *       all if no older entry can be below this merge.
 *   <li>A MERGE that is the newest becomes one PUT with all that is below it folded in, or, if an
 *       older entry may be elsewhere, one MERGE with all operands combined.
 *   <li>What a range tombstone at or below the horizon's version hides goes, and the tombstone too
 *       if no older entry can be elsewhere.
 *   <li>A MERGE above the horizon that is the newest of its key becomes a PUT as well when all
 *       below it is known, while the entries below stay for older views: so a current read of a
 *       counter meets one entry.
 * </ul>
 *
 * Not thread-safe.
 */
public final class Retention {
  /** Takes what is kept. */
  public interface Sink<E extends Exception> {
    void add(
        Slice key, long version, EntryKind kind, int operatorId, long expiryMillis, Slice value)
        throws E;
  }

  /**
   * An entry of a chain.
   *
   * @param isRange stands for a range tombstone: folded onto, but not kept as an entry
   */
  private record Operand(
      long version,
      EntryKind kind,
      int operatorId,
      long expiryMillis,
      byte[] value,
      boolean isRange) {
    /**
     * Whether operands may be folded onto it: not if it may become absent, which a PUT from before
     * the range was mergeable may, and not if its value lies elsewhere.
     */
    boolean isFoldable() {
      return expiryMillis == Limits.NO_EXPIRY && kind != EntryKind.BLOB;
    }
  }

  private static final Slice NO_VALUE = new Slice();
  private static final byte[] NO_BYTES = {};
  private static final long[] NOT_DELETED = {};

  private final Horizons allHorizons;

  private final Horizons.Walk horizons;
  private final OperatorRegistry operators;
  private final Predicate<Slice> isLowest;

  /** What hides entries; null if nothing does. */
  private final @Nullable RangeTombstones tombstones;

  /** Those of what is merged; null if there are none. */
  private final @Nullable RangeTombstones ownTombstones;

  /** The fragment of {@link #tombstones} that the key at hand lies in. */
  private int fragment = -1;

  /** Of the key at hand. */
  private Horizon horizon = new Horizon(Long.MIN_VALUE, Long.MIN_VALUE);

  /**
   * A retention by {@code horizons}, of which keys are asked rising.
   *
   * @param isLowest whether no entry of a key can be older than those merged; asked with rising
   *     keys
   * @param merged what is merged; its range tombstones hide entries
   */
  public Retention(
      Horizons horizons,
      OperatorRegistry operators,
      Predicate<Slice> isLowest,
      EntryCursor merged) {
    this(horizons, operators, isLowest, merged, null);
  }

  /**
   * A retention of entries that range tombstones elsewhere hide as well.
   *
   * @param above range tombstones that stay where they are, above all that is merged, none of them
   *     above the horizon; null if there are none
   */
  public Retention(
      Horizons horizons,
      OperatorRegistry operators,
      Predicate<Slice> isLowest,
      EntryCursor merged,
      @Nullable RangeTombstones above) {
    List<RangeTombstones> all = new ArrayList<>();
    merged.addTombstones(all);
    this.ownTombstones = RangeTombstones.join(all);
    this.tombstones = RangeTombstones.join(ownTombstones, above);
    this.allHorizons = horizons;
    this.horizons = horizons.walk();
    this.operators = operators;
    this.isLowest = isLowest;
  }

  /**
   * Gives {@code sink} what is kept of one key.
   *
   * @param cursor on the newest entry of the key; afterwards on that of the next, or not valid
   */
  public <E extends Exception> void keepKey(EntryCursor cursor, Sink<E> sink) throws E {
    horizon = horizons.of(cursor.key());
    long[] deletions = deletionsOf(cursor.key());
    long hiddenBelow = RangeTombstones.newest(deletions, horizon.version());
    byte[] key = null;
    while (cursor.version() >= hiddenBelow) {
      if (cursor.kind() == EntryKind.MERGE) {
        keepChain(cursor.key().toByteArray(), cursor, key == null, deletions, sink);
        return;
      }
      boolean covers = cursor.version() <= horizon.version();
      keep(cursor, covers, sink);
      if (covers) {
        break;
      }
      if (key == null) {
        key = cursor.key().toByteArray();
      }
      if (!cursor.next() || cursor.key().compareTo(key) != 0) {
        return;
      }
    }
    cursor.nextKey(); // what is older is seen by no view
  }

  /** The range tombstones to keep; null if none. */
  public @Nullable RangeTombstones keptTombstones(Predicate<KeyRange> isLowestRange) {
    return ownTombstones == null ? null : ownTombstones.retained(allHorizons, isLowestRange);
  }

  private long[] deletionsOf(Slice key) {
    if (tombstones == null) {
      return NOT_DELETED;
    }
    byte[] end = tombstones.end(fragment);
    if (key.compareTo(tombstones.start(fragment)) < 0 || (end != null && key.compareTo(end) >= 0)) {
      fragment = tombstones.indexOf(key);
    }
    return tombstones.versions(fragment);
  }

  /** Keeps a PUT or DELETE; {@code covers}: it hides all that is older. */
  private <E extends Exception> void keep(EntryCursor cursor, boolean covers, Sink<E> sink)
      throws E {
    boolean present = cursor.kind().isPut() && cursor.expiryMillis() > horizon.instantMillis();
    if (present || !covers) {
      sink.add(
          cursor.key(),
          cursor.version(),
          cursor.kind(),
          cursor.operatorId(),
          cursor.expiryMillis(),
          cursor.value());
    } else if (!isLowest.test(cursor.key())) {
      sink.add(cursor.key(), cursor.version(), EntryKind.DELETE, 0, Limits.NO_EXPIRY, NO_VALUE);
    }
  }

  /** Keeps what is left of a key, from a MERGE on; leaves the cursor behind the key. */
  private <E extends Exception> void keepChain(
      byte[] key, EntryCursor cursor, boolean startsAtNewest, long[] deletions, Sink<E> sink)
      throws E {
    List<Operand> chain = new ArrayList<>();
    int deletion = 0;
    while (deletion < deletions.length && deletions[deletion] > cursor.version()) {
      deletion++;
    }
    do {
      while (deletion < deletions.length && deletions[deletion] > cursor.version()) {
        chain.add(rangeTombstone(deletions[deletion++]));
      }
      boolean expired = cursor.kind().isPut() && cursor.expiryMillis() <= horizon.instantMillis();
      chain.add(
          new Operand(
              cursor.version(),
              expired ? EntryKind.DELETE : cursor.kind(),
              cursor.operatorId(),
              expired ? Limits.NO_EXPIRY : cursor.expiryMillis(),
              cursor.value().toByteArray(),
              false));
    } while (cursor.next() && cursor.key().compareTo(key) == 0);
    while (deletion < deletions.length) {
      chain.add(rangeTombstone(deletions[deletion++]));
    }

    Slice keySlice = new Slice(key);
    boolean lowest = isLowest.test(keySlice);
    int seenAtHorizon = 0;
    while (seenAtHorizon < chain.size() && chain.get(seenAtHorizon).version > horizon.version()) {
      seenAtHorizon++;
    }
    for (int i = 0; i < seenAtHorizon; i++) {
      Operand operand = chain.get(i);
      byte[] folded =
          i == 0 && startsAtNewest && operand.kind == EntryKind.MERGE
              ? fold(chain, 0, lowest)
              : null;
      if (folded != null) {
        put(keySlice, operand.version, folded, sink);
      } else {
        emit(keySlice, operand, sink);
      }
    }
    if (seenAtHorizon < chain.size()) {
      keepSeen(keySlice, chain, seenAtHorizon, lowest, sink);
    }
  }

  private static Operand rangeTombstone(long version) {
    return new Operand(version, EntryKind.DELETE, 0, Limits.NO_EXPIRY, NO_BYTES, true);
  }

  /** Keeps the entry that a view at the horizon sees, with all below folded in. */
  private <E extends Exception> void keepSeen(
      Slice key, List<Operand> chain, int index, boolean lowest, Sink<E> sink) throws E {
    Operand seen = chain.get(index);
    switch (seen.kind) {
      case PUT, BLOB -> emit(key, seen, sink);
      case DELETE -> {
        if (!lowest) {
          emit(key, seen, sink);
        }
      }
      case MERGE -> {
        byte[] folded = fold(chain, index, lowest);
        if (folded != null) {
          put(key, seen.version, folded, sink);
        } else {
          combine(key, chain, index, sink);
        }
      }
    }
  }

  /**
   * The value seen at {@code index}; null if there is not one for all views, because an entry that
   * counts, or its value, may be elsewhere, or expires.
   */
  private byte @Nullable [] fold(List<Operand> chain, int index, boolean lowest) {
    int base = baseOf(chain, index);
    if (base == chain.size() ? !lowest : !chain.get(base).isFoldable()) {
      return null;
    }
    byte[] value =
        base < chain.size() && chain.get(base).kind == EntryKind.PUT ? chain.get(base).value : null;
    for (int i = base - 1; i >= index; i--) {
      value = operators.get(chain.get(i).operatorId).apply(value, chain.get(i).value);
    }
    return value;
  }

  /** The index of what the operands from {@code index} on are applied to; the size if none. */
  private static int baseOf(List<Operand> chain, int index) {
    int base = index;
    while (base < chain.size() && chain.get(base).kind == EntryKind.MERGE) {
      base++;
    }
    return base;
  }

  /** One operand for all from {@code index} on, which are of one operator, and their base. */
  private <E extends Exception> void combine(
      Slice key, List<Operand> chain, int index, Sink<E> sink) throws E {
    int base = baseOf(chain, index);
    Operand newest = chain.get(index);
    MergeOperator operator = operators.get(newest.operatorId);
    byte[] combined = newest.value;
    for (int i = index + 1; i < base; i++) {
      if (chain.get(i).operatorId != newest.operatorId) {
        // Operators of a key do not mix by contract; if they do, nothing is folded or lost.
        for (Operand operand : chain.subList(index, chain.size())) {
          emit(key, operand, sink);
        }
        return;
      }
      combined = operator.combine(chain.get(i).value, combined);
    }
    sink.add(
        key,
        newest.version,
        EntryKind.MERGE,
        newest.operatorId,
        Limits.NO_EXPIRY,
        new Slice(combined));
    if (base < chain.size()) {
      emit(key, chain.get(base), sink);
    }
  }

  private static <E extends Exception> void put(Slice key, long version, byte[] value, Sink<E> sink)
      throws E {
    sink.add(key, version, EntryKind.PUT, 0, Limits.NO_EXPIRY, new Slice(value));
  }

  private static <E extends Exception> void emit(Slice key, Operand operand, Sink<E> sink)
      throws E {
    if (!operand.isRange) {
      Slice value = operand.kind == EntryKind.DELETE ? NO_VALUE : new Slice(operand.value);
      sink.add(key, operand.version, operand.kind, operand.operatorId, operand.expiryMillis, value);
    }
  }
}

package io.ppdb.kv.engine;

import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.engine.EntryChains.Body;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Operands of a memtable that were combined by who met many of them, so that the next reader of a
 * counter meets few.
 *
 * <p>A fold stands for a run of records in one chain, all operands of one operator: those of its
 * first record and of all below, to its last. There is at most one fold a key, that with the newest
 * first record; views older than that walk the chain. Folds are a cache beside the chains, which
 * keep every operand: flushes and views of the past see nothing of them.
 *
 * <p>Only records of published versions are folded, for nothing can be inserted between those any
 * more. Thread-safe.
 */
final class OperandFolds {
  /** Who has met so many operands in a row, and no fold, makes one. */
  static final int LEAST_OPERANDS = 8;

  /** About what a fold takes, but for its operand. */
  private static final int OVERHEAD_BYTES = 96;

  /**
   * The operands from one record to another, combined.
   *
   * @param version that of the first record
   */
  record Fold(int first, int last, long version, int operatorId, byte[] operand) {
    boolean offerTo(PointLookup lookup) {
      return lookup.offer(
          EntryKind.MERGE, version, operatorId, Limits.NO_EXPIRY, operand, 0, operand.length);
    }
  }

  private final EntryChains chains;

  /** By the key's node; null until there is one. */
  private volatile @Nullable ConcurrentHashMap<Integer, Fold> folds;

  private final AtomicLong sizeInBytes = new AtomicLong();

  OperandFolds(EntryChains chains) {
    this.chains = chains;
  }

  /** The fold of a key; null if it has none. */
  @Nullable Fold of(int node) {
    ConcurrentHashMap<Integer, Fold> known = folds;
    return known == null ? null : known.get(node);
  }

  /**
   * Offers the records of a key from {@code first} on, newest first, until the lookup is decided.
   *
   * @param isPublished whether {@code first} is of a published version
   * @param coveredVersion records older than this are hidden by a range tombstone
   * @return whether it is decided
   */
  boolean offer(int node, int first, boolean isPublished, long coveredVersion, PointLookup lookup) {
    Body body = chains.new Body();
    Fold fold = null;
    int operandCount = 0;
    boolean decided = false;
    for (int at = first; at != EntryChains.NONE && !decided; at = chains.older(at)) {
      body.read(at);
      if (at == first && body.kind == EntryKind.MERGE) {
        fold = of(node);
      }
      if (fold != null && fold.first == at) {
        decided = fold.offerTo(lookup);
        at = fold.last;
      } else {
        decided =
            lookup.offer(
                body.kind,
                chains.version(at),
                body.operatorId,
                body.expiryMillis,
                body.array,
                body.valueOffset,
                body.valueLength);
        operandCount++;
      }
    }
    if (isPublished && operandCount > LEAST_OPERANDS) {
      fold(node, first, coveredVersion, lookup.operators());
    }
    return decided;
  }

  /**
   * Combines the operands of a key from {@code first} on, unless that is done for newer ones.
   *
   * @param first a record of a published version, an operand
   * @param coveredVersion records older than this are hidden by a range tombstone
   */
  void fold(int node, int first, long coveredVersion, OperatorRegistry operators) {
    Fold known = of(node);
    if (known != null && known.version >= chains.version(first)) {
      return;
    }
    Body body = chains.new Body();
    body.read(first);
    int operatorId = body.operatorId;
    MergeOperator operator = operators.get(operatorId);
    byte[] combined = null;
    int last = first;
    int at = first;
    while (at != EntryChains.NONE && chains.version(at) >= coveredVersion) {
      byte[] operand;
      int reached = at;
      if (known != null && known.first == at && known.operatorId == operatorId) {
        operand = known.operand;
        reached = known.last;
      } else {
        body.read(at);
        if (body.kind != EntryKind.MERGE || body.operatorId != operatorId) {
          break;
        }
        operand =
            Arrays.copyOfRange(body.array, body.valueOffset, body.valueOffset + body.valueLength);
      }
      combined = combined == null ? operand : operator.combine(operand, combined);
      last = reached;
      at = chains.older(reached);
    }
    if (combined != null && last != first) {
      keep(node, new Fold(first, last, chains.version(first), operatorId, combined));
    }
  }

  private void keep(int node, Fold fold) {
    map()
        .compute(
            node,
            (key, known) -> {
              if (known != null && known.version >= fold.version) {
                return known;
              }
              sizeInBytes.addAndGet(sizeOf(fold) - (known == null ? 0 : sizeOf(known)));
              return fold;
            });
  }

  private static long sizeOf(Fold fold) {
    return (long) fold.operand.length + OVERHEAD_BYTES;
  }

  private ConcurrentHashMap<Integer, Fold> map() {
    ConcurrentHashMap<Integer, Fold> known = folds;
    if (known == null) {
      synchronized (this) {
        known = folds;
        if (known == null) {
          known = new ConcurrentHashMap<>();
          folds = known;
        }
      }
    }
    return known;
  }

  long sizeInBytes() {
    return sizeInBytes.get();
  }
}

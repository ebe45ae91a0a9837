package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryChains.Body;
import io.ppdb.kv.engine.OperandFolds.Fold;
import io.ppdb.kv.skiplist.ByteArena;
import io.ppdb.kv.skiplist.Skiplist;
import io.ppdb.kv.skiplist.Varints;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the nodes of a memtable, and in each the chain of its entries.
 *
 * <p>Forward it follows links. Backward within a key it captures the chain when it arrives, because
 * a chain has no links to newer entries; backward over keys it searches from the top.
 */
final class MemtableCursor implements EntryCursor {
  private final Skiplist list;
  private final EntryChains chains;
  private final OperandFolds folds;
  private final ByteArena bytes;
  private final @Nullable RangeTombstones tombstones;
  private final Body body;
  private final Slice key = new Slice();
  private final Slice value = new Slice();

  private int node = Skiplist.NONE;

  /** The current record; none if the cursor is not on an entry. */
  private int record = EntryChains.NONE;

  /** The newest record of the node when the cursor arrived at it. */
  private int newest;

  private boolean isKeyRead;
  private boolean isBodyRead;

  /** The chain, newest first, if {@code capturedCount > 0}; the current record is at the index. */
  private int[] captured = new int[4];

  private int capturedCount;
  private int capturedIndex;

  /** The first of the operands of the node that were offered one by one, and how many there are. */
  private int firstOffered;

  private int offeredCount;

  /** The fold of the node when the first of them was offered, if any. */
  private @Nullable Fold fold;

  MemtableCursor(
      Skiplist list,
      EntryChains chains,
      OperandFolds folds,
      ByteArena bytes,
      @Nullable RangeTombstones tombstones) {
    this.list = list;
    this.chains = chains;
    this.folds = folds;
    this.bytes = bytes;
    this.tombstones = tombstones;
    this.body = chains.new Body();
  }

  @Override
  public boolean seekToFirst() {
    return arriveForward(list.first());
  }

  @Override
  public boolean seekToLast() {
    return arriveBackward(list.last());
  }

  @Override
  public boolean seek(byte[] seekKey, long version) {
    int at = list.ceiling(seekKey);
    if (!arriveForward(at) || !list.keyEquals(at, seekKey)) {
      return record != EntryChains.NONE;
    }
    int found = chains.atMost(newest, version);
    return found == EntryChains.NONE ? arriveForward(list.next(at)) : show(found);
  }

  @Override
  public boolean seekBefore(byte[] seekKey) {
    return arriveBackward(list.lower(seekKey));
  }

  @Override
  public boolean next() {
    checkValid();
    if (capturedCount > 0) {
      return capturedIndex + 1 < capturedCount ? show(captured[++capturedIndex]) : nextKey();
    }
    int older = chains.older(record);
    return older != EntryChains.NONE ? show(older) : nextKey();
  }

  @Override
  public boolean nextKey() {
    checkValid();
    return arriveForward(list.next(node));
  }

  @Override
  public boolean previous() {
    checkValid();
    if (capturedCount == 0 && record != newest) {
      capture();
      long version = chains.version(record);
      capturedIndex = 0;
      while (chains.version(captured[capturedIndex]) > version) {
        capturedIndex++;
      }
    }
    if (capturedCount > 0 && capturedIndex > 0) {
      return show(captured[--capturedIndex]);
    }
    return arriveBackward(list.lower(key().toByteArray()));
  }

  private boolean arriveForward(int at) {
    capturedCount = 0;
    offeredCount = 0;
    node = at;
    isKeyRead = false;
    newest = at == Skiplist.NONE ? EntryChains.NONE : list.payload(at);
    return show(newest);
  }

  private boolean arriveBackward(int at) {
    if (!arriveForward(at)) {
      return false;
    }
    if (chains.older(newest) != EntryChains.NONE) {
      capture();
      capturedIndex = capturedCount - 1;
      show(captured[capturedIndex]);
    }
    return true;
  }

  private void capture() {
    capturedCount = 0;
    for (int at = newest; at != EntryChains.NONE; at = chains.older(at)) {
      if (capturedCount == captured.length) {
        captured = Arrays.copyOf(captured, 2 * capturedCount);
      }
      captured[capturedCount++] = at;
    }
  }

  private boolean show(int at) {
    record = at;
    isBodyRead = false;
    return at != EntryChains.NONE;
  }

  private void checkValid() {
    if (record == EntryChains.NONE) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }

  private Body body() {
    if (!isBodyRead) {
      checkValid();
      body.read(record);
      isBodyRead = true;
    }
    return body;
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    if (tombstones != null) {
      all.add(tombstones);
    }
  }

  @Override
  public boolean isValid() {
    return record != EntryChains.NONE;
  }

  @Override
  public Slice key() {
    if (!isKeyRead) {
      checkValid();
      int reference = list.keyReference(node);
      byte[] array = bytes.array(reference);
      int at = ByteArena.offset(reference);
      int length = Varints.read(array, at);
      key.set(array, at + Varints.length(length), length);
      isKeyRead = true;
    }
    return key;
  }

  @Override
  public long version() {
    checkValid();
    return chains.version(record);
  }

  @Override
  public EntryKind kind() {
    return body().kind;
  }

  @Override
  public int operatorId() {
    return body().operatorId;
  }

  @Override
  public long expiryMillis() {
    return body().expiryMillis;
  }

  @Override
  public Slice value() {
    Body shown = body();
    value.set(shown.array, shown.valueOffset, shown.valueLength);
    return value;
  }

  @Override
  public boolean offer(PointLookup lookup) {
    if (kind() == EntryKind.MERGE && capturedCount == 0) {
      if (offeredCount == 0) {
        firstOffered = record;
        fold = folds.of(node);
      }
      if (fold != null && fold.first() == record) {
        boolean decided = fold.offerTo(lookup);
        show(fold.last());
        return decided;
      }
      if (++offeredCount == OperandFolds.LEAST_OPERANDS) {
        folds.fold(node, firstOffered, lookup.coveredVersion(), lookup.operators());
      }
    }
    return EntryCursor.super.offer(lookup);
  }

  @Override
  public void close() {
    record = EntryChains.NONE;
    node = Skiplist.NONE;
  }
}

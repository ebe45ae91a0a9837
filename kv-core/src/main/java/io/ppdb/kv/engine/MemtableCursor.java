package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Memtable.Chain;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chains of a memtable.
 *
 * <p>Going forward it follows {@code older} links. Going backward it first captures the chain it
 * arrives at, because a chain has no links to newer entries and may lose entries meanwhile: an
 * entry must never be seen without the tombstone that was above it.
 */
final class MemtableCursor implements EntryCursor {
  private final ConcurrentSkipListMap<byte[], Chain> chains;
  private final Slice key = new Slice();
  private final Slice value = new Slice();

  /** Chains after the current one; null when it has to be made first. */
  private @Nullable Iterator<Chain> following;

  private @Nullable Entry current;

  /** The newest entry of the current chain when the cursor arrived at it. */
  private @Nullable Entry head;

  /** The current chain, newest first, if {@code capturedCount > 0}; current is at the index. */
  private Entry[] captured = new Entry[4];

  private int capturedCount;
  private int capturedIndex;

  MemtableCursor(ConcurrentSkipListMap<byte[], Chain> chains) {
    this.chains = chains;
  }

  @Override
  public boolean seekToFirst() {
    following = chains.values().iterator();
    return toFollowingChain();
  }

  @Override
  public boolean seekToLast() {
    return arriveBackward(Memtable.chainBefore(chains, null));
  }

  @Override
  public boolean seek(byte[] seekKey, long version) {
    following = chains.tailMap(seekKey, true).values().iterator();
    if (!toFollowingChain()) {
      return false;
    }
    if (Arrays.equals(current().key(), seekKey)) {
      Entry entry = current;
      while (entry != null && entry.version() > version) {
        entry = entry.older;
      }
      if (entry == null) {
        return toFollowingChain();
      }
      return show(entry);
    }
    return true;
  }

  @Override
  public boolean seekBefore(byte[] seekKey) {
    return arriveBackward(Memtable.chainBefore(chains, seekKey));
  }

  @Override
  public boolean next() {
    if (capturedCount > 0) {
      if (capturedIndex + 1 < capturedCount) {
        return show(captured[++capturedIndex]);
      }
      return nextKey();
    }
    Entry older = current().older;
    return older != null ? show(older) : nextKey();
  }

  @Override
  public boolean nextKey() {
    if (following == null) {
      following = chains.tailMap(current().key(), false).values().iterator();
    }
    return toFollowingChain();
  }

  @Override
  public boolean previous() {
    if (capturedCount == 0 && current != head) {
      Entry from = current();
      capture(head);
      capturedIndex = 0;
      while (capturedIndex < capturedCount && captured[capturedIndex].version() > from.version()) {
        capturedIndex++;
      }
    }
    if (capturedCount > 0 && capturedIndex > 0) {
      return show(captured[--capturedIndex]);
    }
    return arriveBackward(Memtable.chainBefore(chains, current().key()));
  }

  private boolean toFollowingChain() {
    capturedCount = 0;
    if (following == null || !following.hasNext()) {
      current = null;
      return false;
    }
    Entry newest = following.next().head;
    head = newest;
    return show(newest);
  }

  private boolean arriveBackward(@Nullable Chain chain) {
    following = null;
    if (chain == null) {
      capturedCount = 0;
      current = null;
      return false;
    }
    head = chain.head;
    capture(head);
    capturedIndex = capturedCount - 1;
    return show(captured[capturedIndex]);
  }

  private void capture(@Nullable Entry from) {
    capturedCount = 0;
    for (Entry entry = from; entry != null; entry = entry.older) {
      if (capturedCount == captured.length) {
        captured = Arrays.copyOf(captured, 2 * capturedCount);
      }
      captured[capturedCount++] = entry;
    }
  }

  private boolean show(Entry entry) {
    current = entry;
    return true;
  }

  private Entry current() {
    Entry entry = current;
    if (entry == null) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return entry;
  }

  @Override
  public boolean isValid() {
    return current != null;
  }

  @Override
  public Slice key() {
    byte[] bytes = current().key();
    key.set(bytes, 0, bytes.length);
    return key;
  }

  @Override
  public long version() {
    return current().version();
  }

  @Override
  public EntryKind kind() {
    return current().kind();
  }

  @Override
  public int operatorId() {
    return current().operatorId();
  }

  @Override
  public long expiryMillis() {
    return current().expiryMillis();
  }

  @Override
  public Slice value() {
    byte[] bytes = current().value();
    value.set(bytes, 0, bytes.length);
    return value;
  }

  @Override
  public void close() {
    current = null;
    following = null;
  }
}

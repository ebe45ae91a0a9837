package io.ppdb.lsm;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.tree.Tree;
import java.util.List;

/** A cursor that keeps the tables it reads from going, until it is closed. */
final class TreeCursor implements EntryCursor {
  private final EntryCursor entries;
  private final Tree tree;
  private boolean closed;

  /** Takes over one use of {@code tree}. */
  TreeCursor(EntryCursor entries, Tree tree) {
    this.entries = entries;
    this.tree = tree;
  }

  @Override
  public boolean seekToFirst() {
    return entries.seekToFirst();
  }

  @Override
  public boolean seekToLast() {
    return entries.seekToLast();
  }

  @Override
  public boolean seek(byte[] key, long version) {
    return entries.seek(key, version);
  }

  @Override
  public boolean seekBefore(byte[] key) {
    return entries.seekBefore(key);
  }

  @Override
  public boolean next() {
    return entries.next();
  }

  @Override
  public boolean previous() {
    return entries.previous();
  }

  @Override
  public boolean nextKey() {
    return entries.nextKey();
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    entries.addTombstones(all);
  }

  @Override
  public boolean isValid() {
    return entries.isValid();
  }

  @Override
  public Slice key() {
    return entries.key();
  }

  @Override
  public long version() {
    return entries.version();
  }

  @Override
  public EntryKind kind() {
    return entries.kind();
  }

  @Override
  public int operatorId() {
    return entries.operatorId();
  }

  @Override
  public long expiryMillis() {
    return entries.expiryMillis();
  }

  @Override
  public Slice value() {
    return entries.value();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      entries.close();
      tree.release();
    }
  }
}

package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobPins;
import io.ppdb.lsm.tree.Tree;
import java.io.IOException;
import java.util.List;

/** A cursor that keeps the tables and blob files it reads from going, until it is closed. */
final class TreeCursor implements EntryCursor {
  private final EntryCursor entries;
  private final Tree tree;
  private final List<BlobPins> pins;
  private final BlobFiles blobs;
  private boolean closed;

  /** Takes over one use of {@code tree} and of each of {@code pins}. */
  TreeCursor(EntryCursor entries, Tree tree, List<BlobPins> pins, BlobFiles blobs) {
    this.entries = entries;
    this.tree = tree;
    this.pins = pins;
    this.blobs = blobs;
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
  public boolean offer(PointLookup lookup) {
    return entries.offer(lookup);
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
  public byte[] readBlob(Slice encoded) {
    BlobHandle handle = BlobHandle.decode(encoded, blobs.directory());
    try {
      return blobs.read(handle);
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "cannot read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      entries.close();
      pins.forEach(BlobPins::release);
      tree.release();
    }
  }
}

package io.ppdb.lsm.table;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.RangeTombstones;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A position in a table: a block, and an entry in it. */
final class SsTableCursor implements EntryCursor {
  private final SsTable table;
  private final boolean fillCache;

  /** Null until the first step. */
  private @Nullable TableDirectory directory;

  private @Nullable Block block;
  private int blockNumber;
  private int entry;

  // The current entry, set by Block.read.
  final Slice key = new Slice();
  final Slice value = new Slice();
  EntryKind kind = EntryKind.DELETE;
  long version;
  int operatorId;
  long expiryMillis;

  SsTableCursor(SsTable table, boolean fillCache) {
    this.table = table;
    this.fillCache = fillCache;
  }

  @Override
  public boolean seekToFirst() {
    return index().blockCount() == 0 ? invalidate() : enter(0, load(0), 0);
  }

  @Override
  public boolean seekToLast() {
    int blockCount = index().blockCount();
    return blockCount == 0 ? invalidate() : enterAtEnd(blockCount - 1);
  }

  @Override
  public boolean seek(byte[] target, long targetVersion) {
    int number = index().find(target);
    if (number == index().blockCount()) {
      return invalidate();
    }
    // Beyond this block when the separator is greater than all its keys, or the key goes on there.
    while (true) {
      Block candidate = load(number);
      int index = candidate.lowerBound(target, targetVersion);
      if (index < candidate.entryCount()) {
        return enter(number, candidate, index);
      }
      if (++number == index().blockCount()) {
        return invalidate();
      }
    }
  }

  @Override
  public boolean seekBefore(byte[] target) {
    int number = index().find(target);
    if (number == index().blockCount()) {
      return seekToLast();
    }
    Block candidate = load(number);
    int index = candidate.lowerBound(target);
    if (index > 0) {
      return enter(number, candidate, index - 1);
    }
    return number == 0 ? invalidate() : enterAtEnd(number - 1);
  }

  @Override
  public boolean next() {
    if (entry + 1 < current().entryCount()) {
      entry++;
      current().read(entry, this);
      return true;
    }
    return blockNumber + 1 < index().blockCount()
        ? enter(blockNumber + 1, load(blockNumber + 1), 0)
        : invalidate();
  }

  @Override
  public boolean previous() {
    if (entry > 0) {
      entry--;
      current().read(entry, this);
      return true;
    }
    return blockNumber > 0 ? enterAtEnd(blockNumber - 1) : invalidate();
  }

  @Override
  public void addTombstones(List<RangeTombstones> all) {
    RangeTombstones tombstones = table.tombstones();
    if (tombstones != null) {
      all.add(tombstones);
    }
  }

  @Override
  public boolean isValid() {
    return block != null;
  }

  @Override
  public Slice key() {
    return key;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public EntryKind kind() {
    return kind;
  }

  @Override
  public int operatorId() {
    return operatorId;
  }

  @Override
  public long expiryMillis() {
    return expiryMillis;
  }

  @Override
  public Slice value() {
    return value;
  }

  @Override
  public void close() {
    invalidate();
  }

  private Block current() {
    Block current = block;
    if (current == null) {
      throw new IllegalStateException("cursor stands on no entry");
    }
    return current;
  }

  private boolean enterAtEnd(int newBlockNumber) {
    Block entered = load(newBlockNumber);
    return enter(newBlockNumber, entered, entered.entryCount() - 1);
  }

  private boolean enter(int newBlockNumber, Block entered, int newEntry) {
    block = entered;
    blockNumber = newBlockNumber;
    entry = newEntry;
    entered.read(newEntry, this);
    return true;
  }

  private boolean invalidate() {
    block = null;
    return false;
  }

  private BlockIndex index() {
    try {
      return directory().index;
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "cannot read an index: " + e.getMessage(), e);
    }
  }

  /**
   * The one of the first step: blocks have their numbers in it, whatever becomes of the table's.
   */
  private TableDirectory directory() throws IOException {
    TableDirectory opened = directory;
    if (opened == null) {
      opened = table.directory();
      directory = opened;
    }
    return opened;
  }

  private Block load(int number) {
    if (block != null && number == blockNumber) {
      return block;
    }
    try {
      return table.block(directory(), number, fillCache);
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "cannot read a block: " + e.getMessage(), e);
    }
  }
}

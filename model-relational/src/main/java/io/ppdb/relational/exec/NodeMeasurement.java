package io.ppdb.relational.exec;

import org.jspecify.annotations.Nullable;

/**
 * What the operators of one node of a plan did. Rows and time are those that came out of them, so
 * time includes their inputs; what was read and spilled is their own. Used by one thread.
 */
public final class NodeMeasurement {
  private long loopCount;
  private long rowCount;
  private long batchCount;
  private long nanos;
  private long seekCount;
  private long entryCount;
  private long readBytes;
  private long spillFileCount;
  private long spillBytes;

  void addLoop() {
    loopCount++;
  }

  void addNanos(long count) {
    nanos += count;
  }

  /** Notes a batch of {@code rows} rows. */
  void addBatch(int rows) {
    rowCount += rows;
    batchCount++;
  }

  /** Notes that the store was asked for a key or for the beginning of a range. */
  void addSeek() {
    seekCount++;
  }

  void addEntry(int keyBytes, int valueBytes) {
    entryCount++;
    readBytes += (long) keyBytes + valueBytes;
  }

  void addEntry(byte[] key, byte @Nullable [] value) {
    if (value != null) {
      addEntry(key.length, value.length);
    }
  }

  /** Notes a whole run that gave {@code rows} rows. */
  public void addRun(long rows, long runNanos) {
    loopCount++;
    rowCount += rows;
    nanos += runNanos;
  }

  void addSpill(long bytes) {
    spillFileCount++;
    spillBytes += bytes;
  }

  /** How often it was opened; for the right side of lookups, for how many left rows. */
  public long loopCount() {
    return loopCount;
  }

  /** Rows of all loops. */
  public long rowCount() {
    return rowCount;
  }

  public long batchCount() {
    return batchCount;
  }

  /** The time of all loops, inputs included. */
  public long nanos() {
    return nanos;
  }

  /** How many keys were asked for, and ranges begun. */
  public long seekCount() {
    return seekCount;
  }

  /** How many entries came from the store. */
  public long entryCount() {
    return entryCount;
  }

  /** The bytes of their keys and values. */
  public long readBytes() {
    return readBytes;
  }

  /** How many temporary files were written. */
  public long spillFileCount() {
    return spillFileCount;
  }

  public long spillBytes() {
    return spillBytes;
  }
}

package io.ppdb.lsm.blob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The large values of one commit on their way into blob files. Pins the files, until the memtable
 * that gets the handles does ({@link BlobPins#takeOver}) or the commit is given up. Not
 * thread-safe.
 */
public final class BlobBatch {
  private final BlobAppender appender;
  private final List<BlobWriter> writers = new ArrayList<>();
  private final List<BlobFile> pinned = new ArrayList<>();
  private long valueBytes;

  BlobBatch(BlobAppender appender) {
    this.appender = appender;
  }

  /** Writes a value, which is not durable before {@link #sync}; returns the handle, encoded. */
  public byte[] append(byte[] value) throws IOException {
    BlobWriter last = writers.isEmpty() ? null : writers.get(writers.size() - 1);
    BlobWriter writer = appender.writer(last);
    if (writer != last) {
      writers.add(writer);
      writer.file().pin();
      pinned.add(writer.file());
    }
    valueBytes += value.length;
    return writer.append(value, 0, value.length).encode();
  }

  /** Makes all values durable; no others may follow. */
  public void sync() throws IOException {
    for (BlobWriter writer : writers) {
      writer.sync();
    }
    endWriting();
  }

  /** How long the values are in all. */
  long valueBytes() {
    return valueBytes;
  }

  private void endWriting() throws IOException {
    while (!writers.isEmpty()) {
      writers.remove(writers.size() - 1).release();
    }
  }

  /** Hands the pinned files on, together with the duty to unpin them. */
  List<BlobFile> handOver() {
    List<BlobFile> files = List.copyOf(pinned);
    pinned.clear();
    return files;
  }

  /** Keeps the files for as long as the process lives. */
  void keep() {
    pinned.forEach(BlobFile::retain);
  }

  /** Gives the commit up: what it has written is garbage. */
  public void abandon() {
    try {
      endWriting();
    } catch (IOException e) {
      // Nobody needs what was in the file and not synced.
      System.getLogger(BlobBatch.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot close a blob file", e);
    }
    handOver().forEach(BlobFile::unpin);
  }
}

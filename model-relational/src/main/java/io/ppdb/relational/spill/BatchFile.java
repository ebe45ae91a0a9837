package io.ppdb.relational.spill;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * Rows in a temporary file: batches are appended, then read in their order, as often as wanted.
 *
 * <p>A batch is a block: length and CRC32C of what follows, then {@link BatchBytes}. The file ends
 * with its closing. Not thread-safe.
 */
public final class BatchFile implements AutoCloseable {
  private static final int HEADER_BYTES = 8;

  /** Blocks gather in memory up to about this, so that small batches do not cost a call each. */
  private static final int WRITE_BYTES = 256 << 10;

  private static final long MAX_STRING_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final List<ColumnType> types;
  private final LongConsumer atClosing;
  private final BatchBytes pending = new BatchBytes();
  private long writtenBytes;
  private long position;
  private ByteBuffer block = ByteBuffer.allocate(0);

  /**
   * An empty file.
   *
   * @param atClosing is given, once, the bytes that were appended when it is closed
   */
  BatchFile(Path path, FileChannel channel, List<ColumnType> types, LongConsumer atClosing) {
    this.path = path;
    this.atClosing = atClosing;
    this.channel = channel;
    this.types = List.copyOf(types);
  }

  /** The types of the rows' columns. */
  public List<ColumnType> types() {
    return types;
  }

  /** The memory it takes. */
  public long bufferBytes() {
    return (long) pending.capacity() + block.capacity();
  }

  /** Appends the live rows of {@code batch}. */
  public void append(VectorBatch batch) {
    int from = 0;
    while (from < batch.size()) {
      int to = blockEnd(batch, from);
      appendBlock(batch, from, to);
      from = to;
    }
  }

  /** Behind as many rows from {@code from} on as make a block of about a megabyte of strings. */
  private static int blockEnd(VectorBatch batch, int from) {
    long bytes = 0;
    int to = from;
    while (to < batch.size() && bytes < MAX_STRING_BYTES) {
      for (Vector column : batch.columns()) {
        bytes += column instanceof BytesVector strings ? strings.lengths()[batch.position(to)] : 0;
      }
      to++;
    }
    return to;
  }

  private void appendBlock(VectorBatch batch, int from, int to) {
    int start = pending.size();
    pending.putInt(0);
    pending.putInt(0);
    pending.putRows(batch, from, to);
    int length = pending.size() - start - HEADER_BYTES;
    pending.setInt(start, length);
    CRC32C checksum = new CRC32C();
    checksum.update(pending.array(), start + HEADER_BYTES, length);
    pending.setInt(start + Integer.BYTES, (int) checksum.getValue());
    if (pending.size() >= WRITE_BYTES) {
      flush();
    }
  }

  private void flush() {
    ByteBuffer bytes = ByteBuffer.wrap(pending.array(), 0, pending.size());
    try {
      while (bytes.hasRemaining()) {
        writtenBytes += channel.write(bytes, writtenBytes);
      }
    } catch (IOException e) {
      throw failed("cannot write to", e);
    }
    pending.clear();
  }

  /** Ends appending, and begins to read from the first row. */
  public void rewind() {
    flush();
    pending.release();
    position = 0;
  }

  /**
   * Reads the next rows into {@code batch}, whose columns are of the file's types: at most as many
   * as were appended as one batch.
   *
   * @return false at the end
   */
  public boolean read(VectorBatch batch) {
    if (position == writtenBytes) {
      return false;
    }
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      readFully(header);
      int length = header.getInt(0);
      if (length < 0 || length > writtenBytes - position) {
        throw damaged("a block of " + length + " bytes");
      }
      if (block.capacity() < length) {
        block = ByteBuffer.allocate(Math.max(length, 2 * block.capacity()));
        block.order(ByteOrder.LITTLE_ENDIAN);
      }
      block.clear().limit(length);
      readFully(block);
      CRC32C checksum = new CRC32C();
      checksum.update(block.array(), 0, length);
      if ((int) checksum.getValue() != header.getInt(Integer.BYTES)) {
        throw damaged("a checksum that does not fit");
      }
      block.flip();
      BatchBytes.readRows(block, batch);
      return true;
    } catch (IOException e) {
      throw failed("cannot read", e);
    }
  }

  private void readFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, position);
      if (count < 0) {
        throw damaged("its end");
      }
      position += count;
    }
  }

  private PpdbException damaged(String seen) {
    return new PpdbException(
        ErrorCode.CORRUPTION,
        "temporary file " + path + " has at " + position + " of " + writtenBytes + " " + seen);
  }

  private PpdbException failed(String what, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    boolean isFull = reason.contains("No space left");
    return new PpdbException(
        isFull ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR,
        what + " the temporary file " + path + ": " + reason,
        cause);
  }

  /** Deletes the file. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    atClosing.accept(writtenBytes + pending.size());
    try {
      channel.close();
    } catch (IOException e) {
      // It is not needed any more, and goes when its directory is opened the next time.
    }
  }
}

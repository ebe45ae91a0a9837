package io.ppdb.lsm.blob;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the large values of commits go: one blob file after the other, begun when there is
 * something to write and sealed when full. Thread-safe.
 */
public final class BlobAppender implements Closeable {
  private final BlobFiles files;
  private final LongSupplier numbers;
  private final long fileBytes;

  /** The file being filled, of which this object is a user; guarded by this. */
  private @Nullable BlobWriter current;

  /**
   * An appender.
   *
   * @param numbers gives each file its number
   * @param fileBytes size at which a file is sealed
   */
  public BlobAppender(BlobFiles files, LongSupplier numbers, long fileBytes) {
    this.files = files;
    this.numbers = numbers;
    this.fileBytes = fileBytes;
  }

  public BlobBatch begin() {
    return new BlobBatch(this);
  }

  /**
   * The writer to append to.
   *
   * @param known which the caller is a user of already
   * @return {@code known}, or another, of which the caller is a user now
   */
  synchronized BlobWriter writer(@Nullable BlobWriter known) throws IOException {
    if (current != null && current.position() >= fileBytes) {
      seal();
    }
    BlobWriter writer = current;
    if (writer == null) {
      writer = files.create(numbers.getAsLong());
      current = writer;
    }
    if (writer != known && !writer.tryRetain()) {
      throw new IllegalStateException("the current blob file is sealed: " + writer.file());
    }
    return writer;
  }

  /** Lets later values go to another file. */
  public synchronized void seal() throws IOException {
    BlobWriter writer = current;
    if (writer != null) {
      current = null;
      writer.release();
    }
  }

  @Override
  public void close() throws IOException {
    seal();
  }
}

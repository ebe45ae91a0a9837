package io.ppdb.lsm.blob;

import io.ppdb.kv.Slice;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Moves values out of blob files that are mostly garbage, while a compaction comes by their
 * handles.
 *
 * <p>The new files are pinned until this is closed: by then the tables with the new handles use
 * them, or nobody does and they are deleted. Not thread-safe.
 */
public final class BlobRelocation implements Closeable {
  private final BlobFiles files;
  private final Set<Long> sources;
  private final BlobAppender appender;
  private final BlobBatch batch;

  /**
   * A relocation out of {@code sources}.
   *
   * @param numbers gives each new file its number
   * @param fileBytes size at which a new file is sealed
   */
  public BlobRelocation(BlobFiles files, Set<Long> sources, LongSupplier numbers, int fileBytes) {
    this.files = files;
    this.sources = sources;
    this.appender = new BlobAppender(files, numbers, fileBytes);
    this.batch = appender.begin();
  }

  /** The handle to write in the place of {@code encoded}: the same, or that of a copy. */
  public Slice handle(Slice encoded) throws IOException {
    if (sources.isEmpty()) {
      return encoded;
    }
    BlobHandle handle = BlobHandle.decode(encoded, files.directory());
    if (!sources.contains(handle.fileNumber())) {
      return encoded;
    }
    return new Slice(batch.append(files.read(handle)));
  }

  /** Makes what was moved durable; before the manifest names the tables with the new handles. */
  public void sync() throws IOException {
    batch.sync();
    appender.close();
  }

  /** Keeps the new files whatever happens: nobody knows whether the manifest names them. */
  public void keep() {
    batch.keep();
  }

  @Override
  public void close() throws IOException {
    appender.close();
    batch.abandon();
  }
}

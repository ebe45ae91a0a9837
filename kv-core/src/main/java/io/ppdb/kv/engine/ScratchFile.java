package io.ppdb.kv.engine;

/**
 * A file of one transaction's own, for bytes that it cannot keep in memory. It is not durable, and
 * is deleted with the transaction, or with the store if that is closed before.
 *
 * <p>Failures are {@code PpdbException}s: DISK_FULL, IO_ERROR, CORRUPTION if there is less than was
 * written, and CLOSED once the store is closed. Used by one thread at a time; {@link #close} may
 * come from another.
 */
public interface ScratchFile extends AutoCloseable {
  /**
   * Appends {@code bytes}, which are the caller's again after the call.
   *
   * @return where they begin
   */
  long append(byte[] bytes);

  /** The {@code length} bytes that were appended at {@code offset}; the caller's own. */
  byte[] read(long offset, int length);

  /** How many bytes were appended. */
  long sizeInBytes();

  /** Deletes the file; does nothing if that was done. */
  @Override
  void close();
}

package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The values that a transaction has written and does not hold in memory: in a scratch file, which
 * is made for the first of them.
 *
 * <p>Each value has a {@link Place}, which also knows its checksum, so that what is read is what
 * was written or an error. Values that were replaced or taken back leave gaps; a file that is
 * mostly gaps is written again. If anything fails, nothing has changed. Not thread-safe.
 */
final class SpilledValues implements AutoCloseable {
  /** A file shorter than this is never written again for its gaps. */
  private static final long MIN_REWRITTEN_BYTES = 1 << 20;

  /** Where a value lies. */
  static final class Place {
    final int length;
    private final int checksum;
    private long offset;

    private Place(long offset, int length, int checksum) {
      this.offset = offset;
      this.length = length;
      this.checksum = checksum;
    }
  }

  private final TransactionSpace space;
  private final long maxGapBytes;
  private @Nullable ScratchFile file;
  private long liveBytes;

  SpilledValues(TransactionSpace space) {
    this.space = space;
    this.maxGapBytes = Math.max(MIN_REWRITTEN_BYTES, space.maxTransactionBytesInMemory());
  }

  /** The bytes of the values that are there, without gaps. */
  long liveBytes() {
    return liveBytes;
  }

  Place add(byte[] value) {
    ScratchFile open = file;
    if (open == null) {
      open = space.newScratch();
      file = open;
    }
    Place place = new Place(open.append(value), value.length, checksum(value));
    liveBytes += value.length;
    return place;
  }

  /** The value; the caller's own. */
  byte[] read(Place place) {
    ScratchFile open = file;
    if (open == null) {
      throw new IllegalStateException("no value was spilled, or the transaction has ended");
    }
    byte[] value = open.read(place.offset, place.length);
    if (checksum(value) != place.checksum) {
      throw new PpdbException(
          ErrorCode.CORRUPTION,
          "a value of "
              + place.length
              + " bytes at "
              + place.offset
              + " of the transaction's scratch file is not what was written there");
    }
    return value;
  }

  /** A value is needed no more. */
  void forget(Place place) {
    liveBytes -= place.length;
  }

  /** Whether the file is so much larger than what it has that it should be written again. */
  boolean isWasteful() {
    ScratchFile open = file;
    return open != null && open.sizeInBytes() - liveBytes > Math.max(liveBytes, maxGapBytes);
  }

  /** Writes the file again without gaps; {@code places} are those of all values there are. */
  void rewrite(List<Place> places) {
    ScratchFile fresh = space.newScratch();
    boolean done = false;
    try {
      long[] offsets = new long[places.size()];
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] = fresh.append(read(places.get(i)));
      }
      for (int i = 0; i < offsets.length; i++) {
        places.get(i).offset = offsets[i];
      }
      done = true;
    } finally {
      if (!done) {
        fresh.close();
      }
    }
    close();
    file = fresh;
  }

  private static int checksum(byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(value);
    return (int) crc.getValue();
  }

  /** Deletes the file. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}

package io.ppdb.lsm.table;

import io.ppdb.kv.KeyRange;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table says about itself.
 *
 * @param entryCount entries, tombstones and operands included
 * @param tombstoneCount entries that are deletes
 * @param rawBytes bytes of all keys and values
 * @param minVersion smallest version of an entry
 * @param maxVersion greatest version of an entry
 * @param minExpiryMillis earliest expiry of an entry, or {@link io.ppdb.kv.Limits#NO_EXPIRY}
 * @param smallestKey first key
 * @param largestKey last key
 * @param operatorIds ids of the merge operators that occur, rising
 * @param rangeTombstoneCount fragments of range tombstones; their versions count above
 * @param deletedBounds from the first key of a range tombstone to the end of the last one; null if
 *     there are none
 */
public record TableProperties(
    long entryCount,
    long tombstoneCount,
    long rawBytes,
    long minVersion,
    long maxVersion,
    long minExpiryMillis,
    byte[] smallestKey,
    byte[] largestKey,
    List<Integer> operatorIds,
    int rangeTombstoneCount,
    @Nullable KeyRange deletedBounds) {
  private static final int INITIAL_BYTES = 128;

  /** From the first key to behind the last one, of entries and of range tombstones. */
  public KeyRange bounds() {
    KeyRange deleted = deletedBounds;
    if (entryCount == 0 && deleted != null) {
      return deleted;
    }
    byte[] start = smallestKey;
    byte[] end = Arrays.copyOf(largestKey, largestKey.length + 1);
    if (deleted != null) {
      byte[] deletedEnd = deleted.end();
      start = Arrays.compareUnsigned(deleted.start(), start) < 0 ? deleted.start() : start;
      end = deletedEnd == null || Arrays.compareUnsigned(deletedEnd, end) > 0 ? deletedEnd : end;
    }
    return KeyRange.between(start, end);
  }

  /**
   * Appends the properties, those of range tombstones only if there are any; the manifest uses the
   * same bytes.
   */
  public void write(ByteWriter writer) {
    writer.putVarint(entryCount);
    writer.putVarint(tombstoneCount);
    writer.putVarint(rawBytes);
    writer.putVarint(minVersion);
    writer.putVarint(maxVersion);
    writer.putVarint(minExpiryMillis);
    writer.putSized(smallestKey);
    writer.putSized(largestKey);
    writer.putVarint(operatorIds.size());
    for (int id : operatorIds) {
      writer.putVarint(id);
    }
    KeyRange deleted = deletedBounds;
    if (deleted != null) {
      writer.putVarint(rangeTombstoneCount);
      RangeTombstoneFormat.writeRange(writer, deleted);
    }
  }

  /** Whether all properties are equal, keys by their bytes. */
  public boolean isSameAs(TableProperties other) {
    ByteWriter mine = new ByteWriter(INITIAL_BYTES);
    ByteWriter others = new ByteWriter(INITIAL_BYTES);
    write(mine);
    other.write(others);
    return Arrays.equals(mine.toByteArray(), others.toByteArray());
  }

  /**
   * Reads properties.
   *
   * @param hasTombstones whether those of range tombstones are there
   */
  public static TableProperties read(ByteReader reader, boolean hasTombstones) {
    return new TableProperties(
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readSized(),
        reader.readSized(),
        readIds(reader),
        hasTombstones ? reader.readVarint(Integer.MAX_VALUE) : 0,
        hasTombstones ? RangeTombstoneFormat.readRange(reader) : null);
  }

  private static List<Integer> readIds(ByteReader reader) {
    List<Integer> ids = new ArrayList<>();
    for (int count = reader.readVarint(reader.remaining()); count > 0; count--) {
      ids.add(reader.readVarint(0xFFFF));
    }
    return List.copyOf(ids);
  }
}

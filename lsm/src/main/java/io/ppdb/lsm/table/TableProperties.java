package io.ppdb.lsm.table;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    List<Integer> operatorIds) {
  private static final int INITIAL_BYTES = 128;

  /** Appends the properties; the manifest uses the same bytes. */
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
  }

  /** Whether all properties are equal, keys by their bytes. */
  public boolean isSameAs(TableProperties other) {
    ByteWriter mine = new ByteWriter(INITIAL_BYTES);
    ByteWriter others = new ByteWriter(INITIAL_BYTES);
    write(mine);
    other.write(others);
    return Arrays.equals(mine.toByteArray(), others.toByteArray());
  }

  public static TableProperties read(ByteReader reader) {
    return new TableProperties(
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readVarint(),
        reader.readSized(),
        reader.readSized(),
        readIds(reader));
  }

  private static List<Integer> readIds(ByteReader reader) {
    List<Integer> ids = new ArrayList<>();
    for (int count = reader.readVarint(reader.remaining()); count > 0; count--) {
      ids.add(reader.readVarint(0xFFFF));
    }
    return List.copyOf(ids);
  }
}

package io.ppdb.lsm.table;

import io.ppdb.kv.KeyRange;
import io.ppdb.lsm.blob.BlobReference;
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
 * @param rawBytes bytes of all keys and values, those in blob files included
 * @param minVersion smallest version of an entry
 * @param maxVersion greatest version of an entry
 * @param minExpiryMillis earliest expiry of an entry, or {@link io.ppdb.kv.Limits#NO_EXPIRY}
 * @param smallestKey first key
 * @param largestKey last key
 * @param operatorIds ids of the merge operators that occur, rising
 * @param rangeTombstoneCount fragments of range tombstones; their versions count above
 * @param deletedBounds from the first key of a range tombstone to the end of the last one; null if
 *     there are none
 * @param blobs the blob files that values lie in, by rising number
 * @param garbage what of it will be garbage when
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
    @Nullable KeyRange deletedBounds,
    List<BlobReference> blobs,
    TableGarbage garbage) {
  private static final int INITIAL_BYTES = 128;

  /** Properties of a table of which nothing is forecast. */
  public TableProperties(
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
      @Nullable KeyRange deletedBounds,
      List<BlobReference> blobs) {
    this(
        entryCount,
        tombstoneCount,
        rawBytes,
        minVersion,
        maxVersion,
        minExpiryMillis,
        smallestKey,
        largestKey,
        operatorIds,
        rangeTombstoneCount,
        deletedBounds,
        blobs,
        TableGarbage.NONE);
  }

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

  /**
   * Appends what the table has of which blob files, and before that, if {@link #write} did not,
   * that there are no range tombstones.
   */
  public void writeBlobs(ByteWriter writer) {
    if (deletedBounds == null) {
      writer.putVarint(0);
    }
    writer.putVarint(blobs.size());
    for (BlobReference blob : blobs) {
      writer.putVarint(blob.fileNumber());
      writer.putVarint(blob.valueBytes());
    }
  }

  /** Appends, behind {@link #writeBlobs}, what will be garbage. */
  public void writeGarbage(ByteWriter writer) {
    garbage.write(writer);
  }

  /** These properties, and what {@link #writeBlobs} has written of blob files. */
  public TableProperties withBlobs(ByteReader reader) {
    List<BlobReference> read = new ArrayList<>();
    for (int count = reader.readVarint(reader.remaining()); count > 0; count--) {
      read.add(new BlobReference(reader.readVarint(), reader.readVarint()));
    }
    return with(List.copyOf(read), garbage);
  }

  /** These properties, and what {@link #writeGarbage} has written of garbage. */
  public TableProperties withGarbage(ByteReader reader) {
    return with(blobs, TableGarbage.read(reader));
  }

  /** These properties with other garbage. */
  public TableProperties withGarbage(TableGarbage newGarbage) {
    return with(blobs, newGarbage);
  }

  private TableProperties with(List<BlobReference> newBlobs, TableGarbage newGarbage) {
    return new TableProperties(
        entryCount,
        tombstoneCount,
        rawBytes,
        minVersion,
        maxVersion,
        minExpiryMillis,
        smallestKey,
        largestKey,
        operatorIds,
        rangeTombstoneCount,
        deletedBounds,
        newBlobs,
        newGarbage);
  }

  /** These properties of a table all of whose entries have {@code version}. */
  public TableProperties atVersion(long version) {
    return new TableProperties(
        entryCount,
        tombstoneCount,
        rawBytes,
        version,
        version,
        minExpiryMillis,
        smallestKey,
        largestKey,
        operatorIds,
        rangeTombstoneCount,
        deletedBounds,
        blobs,
        garbage.atVersion(version));
  }

  /** Whether all properties are equal, keys by their bytes. */
  public boolean isSameAs(TableProperties other) {
    ByteWriter mine = new ByteWriter(INITIAL_BYTES);
    ByteWriter others = new ByteWriter(INITIAL_BYTES);
    write(mine);
    other.write(others);
    return Arrays.equals(mine.toByteArray(), others.toByteArray())
        && blobs.equals(other.blobs)
        && garbage.equals(other.garbage);
  }

  /**
   * Reads properties.
   *
   * @param hasTombstones whether it is said how many range tombstones there are
   */
  public static TableProperties read(ByteReader reader, boolean hasTombstones) {
    long entryCount = reader.readVarint();
    long tombstoneCount = reader.readVarint();
    long rawBytes = reader.readVarint();
    long minVersion = reader.readVarint();
    long maxVersion = reader.readVarint();
    long minExpiryMillis = reader.readVarint();
    byte[] smallestKey = reader.readSized();
    byte[] largestKey = reader.readSized();
    List<Integer> operatorIds = readIds(reader);
    int rangeTombstoneCount = hasTombstones ? reader.readVarint(Integer.MAX_VALUE) : 0;
    return new TableProperties(
        entryCount,
        tombstoneCount,
        rawBytes,
        minVersion,
        maxVersion,
        minExpiryMillis,
        smallestKey,
        largestKey,
        operatorIds,
        rangeTombstoneCount,
        rangeTombstoneCount > 0 ? RangeTombstoneFormat.readRange(reader) : null,
        List.of());
  }

  private static List<Integer> readIds(ByteReader reader) {
    List<Integer> ids = new ArrayList<>();
    for (int count = reader.readVarint(reader.remaining()); count > 0; count--) {
      ids.add(reader.readVarint(0xFFFF));
    }
    return List.copyOf(ids);
  }
}

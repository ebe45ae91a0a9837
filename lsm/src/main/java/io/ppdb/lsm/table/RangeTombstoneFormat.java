package io.ppdb.lsm.table;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.Arrays;

/**
 * Range tombstones as bytes: one fragment after another, in key order.
 *
 * <pre>
 * fragment = range · version count varint · version varint …, falling
 * range    = start sized · has end u8 · [end sized]
 * </pre>
 */
final class RangeTombstoneFormat {
  private RangeTombstoneFormat() {}

  static void write(ByteWriter writer, RangeTombstones tombstones) {
    tombstones.forEach(
        (range, versions) -> {
          writeRange(writer, range);
          writer.putVarint(versions.length);
          for (long version : versions) {
            writer.putVarint(version);
          }
        });
  }

  /** Reads what {@code properties}, which say that there are some, are about. */
  static RangeTombstones read(ByteReader reader, TableProperties properties) {
    RangeTombstones.Builder builder = new RangeTombstones.Builder();
    byte[] end = {};
    for (int i = 0; i < properties.rangeTombstoneCount(); i++) {
      KeyRange range = readRange(reader);
      if (end == null || Arrays.compareUnsigned(range.start(), end) < 0) {
        throw reader.corrupt("range tombstone " + range + " begins before the end of the last one");
      }
      end = range.end();
      builder.add(range, readVersions(reader));
    }
    RangeTombstones tombstones = builder.build();
    if (tombstones == null
        || tombstones.fragmentCount() != properties.rangeTombstoneCount()
        || !tombstones.bounds().equals(properties.deletedBounds())
        || tombstones.minVersion() < properties.minVersion()
        || tombstones.maxVersion() > properties.maxVersion()) {
      throw reader.corrupt("range tombstones are not those of the properties");
    }
    return tombstones;
  }

  private static long[] readVersions(ByteReader reader) {
    long[] versions = new long[reader.readVarint(reader.remaining())];
    for (int i = 0; i < versions.length; i++) {
      versions[i] = reader.readVarint();
      if (versions[i] <= 0 || (i > 0 && versions[i] >= versions[i - 1])) {
        throw reader.corrupt("version " + versions[i] + " of a range tombstone");
      }
    }
    if (versions.length == 0) {
      throw reader.corrupt("range tombstone without a version");
    }
    return versions;
  }

  static void writeRange(ByteWriter writer, KeyRange range) {
    byte[] end = range.end();
    writer.putSized(range.start());
    writer.putByte(end == null ? 0 : 1);
    if (end != null) {
      writer.putSized(end);
    }
  }

  static KeyRange readRange(ByteReader reader) {
    byte[] start = reader.readSized();
    int hasEnd = reader.readByte();
    KeyRange range = KeyRange.between(start, hasEnd == 0 ? null : reader.readSized());
    if (hasEnd > 1 || range.isEmpty()) {
      throw reader.corrupt("deleted range " + range);
    }
    return range;
  }
}

package io.ppdb.lsm.table;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;

/**
 * What of a table will be garbage, for compactions to be picked by. Only what was not garbage when
 * the table was written, by the horizon of that moment, is forecast: the rest had to stay.
 *
 * @param oldestDeleteVersion smallest version of a delete, of a key or of a range; 0 if there is
 *     none, or the table has no versions
 * @param oldestDeleteMillis a tick not after that version's, and about that; 0 if there is none
 * @param superseded entries by the version of the next newer one of their key, or of a range
 *     tombstone over them, in the table
 * @param expiring entries by their expiry
 */
public record TableGarbage(
    long oldestDeleteVersion,
    long oldestDeleteMillis,
    GarbageForecast superseded,
    GarbageForecast expiring) {
  /** Nothing, or nothing known. */
  public static final TableGarbage NONE =
      new TableGarbage(0, 0, GarbageForecast.NONE, GarbageForecast.NONE);

  /** Whether there is nothing to say. */
  public boolean isNone() {
    return oldestDeleteVersion == 0
        && oldestDeleteMillis == 0
        && superseded.bytes() == 0
        && expiring.bytes() == 0;
  }

  /** This garbage of a table all of whose entries have {@code version}; 0 as its file says it. */
  TableGarbage atVersion(long version) {
    return oldestDeleteMillis == 0
        ? this
        : new TableGarbage(version, oldestDeleteMillis, superseded, expiring);
  }

  void write(ByteWriter writer) {
    writer.putVarint(oldestDeleteVersion);
    writer.putVarint(oldestDeleteMillis);
    superseded.write(writer);
    expiring.write(writer);
  }

  static TableGarbage read(ByteReader reader) {
    return new TableGarbage(
        reader.readVarint(),
        reader.readVarint(),
        GarbageForecast.read(reader),
        GarbageForecast.read(reader));
  }
}

package io.ppdb.lsm.table;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes of a table become garbage by when: as a total, and where each eighth of it has.
 * "When" is a version that the horizon reaches, or its instant.
 *
 * @param bytes of keys and values; 0 if none do
 * @param eighths when the first eighth of the bytes is garbage, when the second, to the last; none
 *     if there are no bytes
 */
public record GarbageForecast(long bytes, List<Long> eighths) {
  static final int PART_COUNT = 8;

  /** Nothing becomes garbage. */
  public static final GarbageForecast NONE = new GarbageForecast(0, List.of());

  /** About how much is garbage when the horizon is at {@code bound}; rather less. */
  public long bytesBy(long bound) {
    int parts = 0;
    while (parts < eighths.size() && eighths.get(parts) <= bound) {
      parts++;
    }
    return bytes / PART_COUNT * parts;
  }

  void write(ByteWriter writer) {
    writer.putVarint(bytes);
    long before = 0;
    for (long eighth : eighths) {
      writer.putVarint(eighth - before);
      before = eighth;
    }
  }

  static GarbageForecast read(ByteReader reader) {
    long bytes = reader.readVarint();
    if (bytes == 0) {
      return NONE;
    }
    List<Long> eighths = new ArrayList<>(PART_COUNT);
    long at = 0;
    for (int i = 0; i < PART_COUNT; i++) {
      at += reader.readVarint();
      eighths.add(at);
    }
    return new GarbageForecast(bytes, List.copyOf(eighths));
  }
}

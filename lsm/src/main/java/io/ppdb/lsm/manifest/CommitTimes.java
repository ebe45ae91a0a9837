package io.ppdb.lsm.manifest;

import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of the index of times, as the manifest has it: which version was the newest at which
 * tick. Immutable.
 *
 * <pre>
 * times = element count varint · version varint · tick varint
 *       · (version less the one before varint · tick less the one before varint) …
 * </pre>
 *
 * Versions rise, ticks do not fall. A piece is short, because it is dropped as a whole.
 */
public final class CommitTimes {
  private static final int MAX_COUNT = 1024;
  private static final int TYPICAL_BYTES = 4;

  private final long firstVersion;
  private final long firstMillis;
  private final long lastVersion;
  private final long lastMillis;
  private final byte[] bytes;

  private CommitTimes(
      long firstVersion, long firstMillis, long lastVersion, long lastMillis, byte[] bytes) {
    this.firstVersion = firstVersion;
    this.firstMillis = firstMillis;
    this.lastVersion = lastVersion;
    this.lastMillis = lastMillis;
    this.bytes = bytes;
  }

  /** All that {@code index} knows of versions greater than {@code version}. */
  public static List<CommitTimes> after(long version, TimeIndex index) {
    List<CommitTimes> pieces = new ArrayList<>();
    long[] versions = new long[MAX_COUNT];
    long[] ticks = new long[MAX_COUNT];
    int[] count = {0};
    index.forEachAfter(
        version,
        (newVersion, millis) -> {
          if (count[0] == MAX_COUNT) {
            pieces.add(encode(versions, ticks, MAX_COUNT));
            count[0] = 0;
          }
          versions[count[0]] = newVersion;
          ticks[count[0]++] = millis;
        });
    if (count[0] > 0) {
      pieces.add(encode(versions, ticks, count[0]));
    }
    return pieces;
  }

  private static CommitTimes encode(long[] versions, long[] ticks, int count) {
    ByteWriter writer = new ByteWriter(2 * Long.BYTES + TYPICAL_BYTES * count);
    writer.putVarint(count);
    writer.putVarint(versions[0]);
    writer.putVarint(ticks[0]);
    for (int i = 1; i < count; i++) {
      writer.putVarint(versions[i] - versions[i - 1]);
      writer.putVarint(ticks[i] - ticks[i - 1]);
    }
    return new CommitTimes(
        versions[0], ticks[0], versions[count - 1], ticks[count - 1], writer.toByteArray());
  }

  static CommitTimes read(ByteReader reader) {
    int count = reader.readVarint(MAX_COUNT);
    if (count == 0) {
      throw reader.corrupt("a piece of the index of times without an element");
    }
    long[] versions = new long[count];
    long[] ticks = new long[count];
    versions[0] = reader.readVarint();
    ticks[0] = reader.readVarint();
    for (int i = 1; i < count; i++) {
      versions[i] = versions[i - 1] + reader.readVarint();
      ticks[i] = ticks[i - 1] + reader.readVarint();
      if (versions[i] <= versions[i - 1] || ticks[i] < ticks[i - 1]) {
        throw reader.corrupt(
            "version " + versions[i] + " at tick " + ticks[i] + " behind " + versions[i - 1]);
      }
    }
    return encode(versions, ticks, count);
  }

  void write(ByteWriter writer) {
    writer.putBytes(bytes);
  }

  /** Gives all elements, in order. */
  public void forEach(TimeIndex.Sink sink) {
    ByteReader reader = new ByteReader(Path.of(Manifest.CURRENT), 0, bytes, 0, bytes.length);
    long count = reader.readVarint();
    long version = reader.readVarint();
    long millis = reader.readVarint();
    sink.add(version, millis);
    for (long i = 1; i < count; i++) {
      version += reader.readVarint();
      millis += reader.readVarint();
      sink.add(version, millis);
    }
  }

  long firstVersion() {
    return firstVersion;
  }

  long firstMillis() {
    return firstMillis;
  }

  long lastVersion() {
    return lastVersion;
  }

  long lastMillis() {
    return lastMillis;
  }
}

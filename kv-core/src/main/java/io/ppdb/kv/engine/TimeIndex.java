package io.ppdb.kv.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Which version was the newest at which tick, exactly, as far back as it is remembered.
 *
 * <p>An element is a tick and the last version of that tick, eight bytes in a chunk: offsets from
 * the chunk's first element. Commits are appended in version order, by one thread at a time;
 * anybody reads, without a lock. A reader that has seen a version published finds it here.
 *
 * <p>What is before the first element is forgotten: nothing is known of smaller versions and
 * earlier instants. There are at most {@value #MAX_CHUNKS} chunks of {@value #CHUNK_TICKS} ticks;
 * beyond that the oldest is forgotten, needed or not.
 *
 * <pre>
 * field                          | read mode | write mode | guard
 * chunks, grown                  | volatile  | volatile   | monitor (writes)
 * Chunk.count                    | volatile  | volatile   | the appender only
 * the last element's version     | acquire   | release    | the appender only
 * other elements                 | plain     | plain, once| before count
 * </pre>
 */
public final class TimeIndex {
  static final int CHUNK_TICKS = 1024;
  static final int MAX_CHUNKS = 4096;

  /** Takes elements, rising. */
  public interface Sink {
    void add(long version, long millis);
  }

  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  private static final class Chunk {
    final long firstVersion;
    final long firstMillis;
    final int[] versions = new int[CHUNK_TICKS];
    final int[] ticks = new int[CHUNK_TICKS];
    volatile int count = 1;

    Chunk(long firstVersion, long firstMillis) {
      this.firstVersion = firstVersion;
      this.firstMillis = firstMillis;
    }

    long version(int index) {
      return firstVersion + (int) INTS.getAcquire(versions, index);
    }

    long millis(int index) {
      return firstMillis + ticks[index];
    }

    /** Takes a commit if it fits. */
    boolean append(long version, long millis) {
      long versionOffset = version - firstVersion;
      long tickOffset = millis - firstMillis;
      if (versionOffset > Integer.MAX_VALUE || tickOffset > Integer.MAX_VALUE) {
        return false;
      }
      int last = count - 1;
      if (ticks[last] == tickOffset) {
        // The first element's version is what the chunk counts from, so it cannot change.
        if (last > 0) {
          INTS.setRelease(versions, last, (int) versionOffset);
          return true;
        }
      }
      if (count == CHUNK_TICKS) {
        return false;
      }
      versions[last + 1] = (int) versionOffset;
      ticks[last + 1] = (int) tickOffset;
      count = last + 2;
      return true;
    }
  }

  private volatile Chunk[] chunks;
  private volatile boolean grown;

  /** Begins with what is the newest version now; nothing older is known. */
  public TimeIndex(long version, long millis) {
    chunks = new Chunk[] {new Chunk(version, millis)};
  }

  /** Takes the next commit; versions rise, ticks do not go back. */
  public void append(long version, long millis) {
    Chunk[] now = chunks;
    if (!now[now.length - 1].append(version, millis)) {
      begin(version, millis);
    }
  }

  private synchronized void begin(long version, long millis) {
    Chunk[] now = chunks;
    int from = now.length == MAX_CHUNKS ? 1 : 0;
    Chunk[] more = Arrays.copyOfRange(now, from, now.length + 1);
    more[more.length - 1] = new Chunk(version, millis);
    chunks = more;
    grown = true;
  }

  /** Whether a chunk was begun since {@link #forgetBefore} was called last. */
  boolean hasGrown() {
    return grown;
  }

  /** Forgets what is not needed to tell the time of {@code version} and later ones. */
  synchronized void forgetBefore(long version) {
    grown = false;
    Chunk[] now = chunks;
    int from = 0;
    while (from + 1 < now.length && now[from + 1].firstVersion <= version) {
      from++;
    }
    if (from > 0) {
      chunks = Arrays.copyOfRange(now, from, now.length);
    }
  }

  /** The newest version of which anything is known. */
  public long lastVersion() {
    Chunk[] now = chunks;
    Chunk last = now[now.length - 1];
    return last.version(last.count - 1);
  }

  /** The tick of the newest version. */
  public long lastMillis() {
    Chunk[] now = chunks;
    Chunk last = now[now.length - 1];
    return last.millis(last.count - 1);
  }

  /** Gives all elements whose versions are greater than {@code version}. */
  public void forEachAfter(long version, Sink sink) {
    Chunk[] now = chunks;
    for (int i = 0; i < now.length; i++) {
      if (i + 1 < now.length && now[i + 1].firstVersion <= version) {
        continue;
      }
      Chunk chunk = now[i];
      int count = chunk.count;
      for (int j = 0; j < count; j++) {
        long last = chunk.version(j);
        if (last > version) {
          sink.add(last, chunk.millis(j));
        }
      }
    }
  }

  /** The oldest version of which anything is known, and its tick. */
  Horizon floor() {
    Chunk first = chunks[0];
    return new Horizon(first.firstVersion, first.firstMillis);
  }

  /** The last version whose tick is at most {@code millis}; that of the floor if that is later. */
  long versionAt(long millis) {
    Chunk[] now = chunks;
    int low = 0;
    int high = now.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (now[middle].firstMillis <= millis) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    Chunk chunk = now[low];
    int first = 0;
    int last = chunk.count - 1;
    while (first < last) {
      int middle = (first + last + 1) >>> 1;
      if (chunk.millis(middle) <= millis) {
        first = middle;
      } else {
        last = middle - 1;
      }
    }
    return chunk.version(first);
  }

  /** The tick of {@code version}, which is published; that of the floor if that is later. */
  public long timeOf(long version) {
    Chunk[] now = chunks;
    int low = 0;
    int high = now.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (now[middle].firstVersion <= version) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    Chunk chunk = now[low];
    int first = 0;
    int last = chunk.count - 1;
    // The first element whose version is not less: it may be the next chunk's first one.
    while (first <= last) {
      int middle = (first + last) >>> 1;
      if (chunk.version(middle) < version) {
        first = middle + 1;
      } else {
        last = middle - 1;
      }
    }
    if (first < chunk.count) {
      return chunk.millis(first);
    }
    if (low + 1 < now.length) {
      return now[low + 1].firstMillis;
    }
    throw new IllegalArgumentException("version " + version + " is not published");
  }

  int chunkCount() {
    return chunks.length;
  }
}

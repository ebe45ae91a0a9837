package io.ppdb.relational.vector;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Byte strings as slices {@code [start, start + length)} of one arena: UTF-8 text, bytea, the 16
 * bytes of a uuid.
 *
 * <p>Slices may overlap and come in any order, so a kernel that cuts or repeats strings shares the
 * arena of its input ({@link #shareArena}) instead of copying bytes. A vector that shares an arena
 * copies it before it appends.
 */
public final class BytesVector extends Vector {
  /** Largest arena; Java arrays end a little below 2 GiB. */
  private static final int MAX_ARENA_BYTES = Integer.MAX_VALUE - 16;

  private static final byte[] NO_BYTES = {};

  private byte[] arena = NO_BYTES;
  private int arenaEnd;
  private boolean shared;
  private int[] starts;
  private int[] lengths;

  public BytesVector(ColumnType type, int capacity) {
    super(type);
    this.starts = new int[capacity];
    this.lengths = new int[capacity];
  }

  /** The bytes that all slices point into; replaced when it grows. */
  public byte[] arena() {
    return arena;
  }

  public int[] starts() {
    return starts;
  }

  public int[] lengths() {
    return lengths;
  }

  /** Appends bytes to the arena and lets {@code position} show them. */
  public void set(int position, byte[] bytes, int offset, int length) {
    int start = reserve(length);
    System.arraycopy(bytes, offset, arena, start, length);
    starts[position] = start;
    lengths[position] = length;
    arenaEnd = start + length;
  }

  public void set(int position, byte[] bytes) {
    set(position, bytes, 0, bytes.length);
  }

  public void setString(int position, String value) {
    set(position, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets {@code position} show a slice of the arena as it is. */
  public void setSlice(int position, int start, int length) {
    starts[position] = start;
    lengths[position] = length;
  }

  /**
   * Makes room for {@code length} more bytes and returns where they start in {@link #arena()}; a
   * producer writes there and then calls {@link #commit}.
   */
  public int reserve(int length) {
    long end = (long) arenaEnd + length;
    if (end > arena.length || shared) {
      if (end > MAX_ARENA_BYTES) {
        throw new PpdbException(
            ErrorCode.MEMORY_LIMIT,
            "one vector of strings would hold " + end + " bytes; at most " + MAX_ARENA_BYTES);
      }
      long grown = Math.max(Math.max(end, 64), shared ? end : arena.length + (arena.length >> 1));
      arena = Arrays.copyOf(arena, (int) Math.min(grown, MAX_ARENA_BYTES));
      shared = false;
    }
    return arenaEnd;
  }

  /** Ends the slice that {@link #reserve} began at {@code start} and gives it to a position. */
  public void commit(int position, int start, int length) {
    starts[position] = start;
    lengths[position] = length;
    arenaEnd = start + length;
  }

  /** Lets this vector's slices point into the arena of {@code other}, which must not change. */
  public void shareArena(BytesVector other) {
    arena = other.arena;
    arenaEnd = other.arenaEnd;
    shared = true;
  }

  /** Bytes of the arena that are in use. */
  public int arenaEnd() {
    return arenaEnd;
  }

  public byte[] get(int position) {
    return Arrays.copyOfRange(arena, starts[position], starts[position] + lengths[position]);
  }

  public String getString(int position) {
    return new String(arena, starts[position], lengths[position], StandardCharsets.UTF_8);
  }

  @Override
  public int capacity() {
    return starts.length;
  }

  @Override
  void ensureValues(int count) {
    if (count > starts.length) {
      starts = Arrays.copyOf(starts, count);
      lengths = Arrays.copyOf(lengths, count);
    }
  }

  @Override
  void resetValues() {
    if (shared) {
      arena = NO_BYTES;
      shared = false;
    }
    arenaEnd = 0;
  }

  @Override
  void copyValues(Vector source, int @Nullable [] positions, int count, int at) {
    BytesVector from = (BytesVector) source;
    boolean[] nulls = from.nulls();
    long total = 0;
    for (int i = 0; i < count; i++) {
      int position = positions == null ? i : positions[i];
      if (position >= 0 && (nulls == null || !nulls[position])) {
        total += from.lengths[position];
      }
    }
    int end = reserve((int) Math.min(total, MAX_ARENA_BYTES));
    byte[] bytes = from.arena;
    for (int i = 0; i < count; i++) {
      int position = positions == null ? i : positions[i];
      int length = 0;
      if (position >= 0 && (nulls == null || !nulls[position])) {
        length = from.lengths[position];
        copyBytes(bytes, from.starts[position], arena, end, length);
      }
      starts[at + i] = end;
      lengths[at + i] = length;
      end += length;
    }
    arenaEnd = end;
  }

  @Override
  void assignValues(Vector source, int[] positions, int count) {
    BytesVector from = (BytesVector) source;
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      if (!from.isNull(position)) {
        set(position, from.arena, from.starts[position], from.lengths[position]);
      }
    }
  }

  /** A loop beats the call of arraycopy for the short strings that most columns hold. */
  private static void copyBytes(byte[] from, int fromIndex, byte[] to, int toIndex, int length) {
    if (length > 16) {
      System.arraycopy(from, fromIndex, to, toIndex, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      to[toIndex + i] = from[fromIndex + i];
    }
  }

  @Override
  long valueBytes() {
    return 8L * starts.length + (shared ? 0 : arena.length);
  }
}

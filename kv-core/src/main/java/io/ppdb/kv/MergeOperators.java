package io.ppdb.kv;

import io.ppdb.kv.codec.BitmapContainer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The merge operators that every store knows. */
public final class MergeOperators {
  /** Adds 64-bit counters: 8 bytes, big-endian, two's complement; wraps around. */
  public static final MergeOperator LONG_ADD = new LongAdd();

  /** Unites sets of positions; values and operands are {@link BitmapContainer}s. */
  public static final MergeOperator BITMAP_OR = new BitmapOr();

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private MergeOperators() {}

  public static List<MergeOperator> builtIn() {
    return List.of(LONG_ADD, BITMAP_OR);
  }

  public static byte[] encodeLong(long value) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, value);
    return bytes;
  }

  /** Reads what {@link #encodeLong} wrote; fails with CORRUPTION on any other length. */
  public static long decodeLong(byte[] bytes) {
    if (bytes.length != Long.BYTES) {
      throw new PpdbException(
          ErrorCode.CORRUPTION, "counter of " + bytes.length + " bytes, expected " + Long.BYTES);
    }
    return (long) LONG.get(bytes, 0);
  }

  private static final class LongAdd implements MergeOperator {
    @Override
    public int id() {
      return 1;
    }

    @Override
    public String name() {
      return "long-add";
    }

    @Override
    public byte[] apply(byte @Nullable [] value, byte[] operand) {
      return value == null ? operand : combine(value, operand);
    }

    @Override
    public byte[] combine(byte[] left, byte[] right) {
      return encodeLong(decodeLong(left) + decodeLong(right));
    }
  }

  private static final class BitmapOr implements MergeOperator {
    @Override
    public int id() {
      return 2;
    }

    @Override
    public String name() {
      return "bitmap-or";
    }

    @Override
    public byte[] apply(byte @Nullable [] value, byte[] operand) {
      return value == null ? operand : combine(value, operand);
    }

    @Override
    public byte[] combine(byte[] left, byte[] right) {
      return BitmapContainer.or(left, right);
    }
  }
}

package io.ppdb.lsm.table;

import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.PolicyMap;
import java.util.List;

/**
 * Which codec the blocks of each range are written with: by the policy of the range, or else the
 * one of the table. No block has keys of two ranges whose codecs differ. Immutable.
 */
public final class RangeCodecs {
  /** The table's codec everywhere. */
  public static final RangeCodecs UNIFORM = new RangeCodecs(List.of());

  /** All ranges in order, from the least key to the greatest; none if all are as the table. */
  private final List<PolicyMap.Assignment> ranges;

  private RangeCodecs(List<PolicyMap.Assignment> ranges) {
    this.ranges = ranges;
  }

  /** The codecs that the policies ask for now. */
  public static RangeCodecs of(PolicyMap policies) {
    List<PolicyMap.Assignment> ranges = policies.assignments();
    boolean isUniform =
        ranges.stream().allMatch(range -> range.policy().codec() == RangePolicy.Codec.STORE);
    return isUniform ? UNIFORM : new RangeCodecs(ranges);
  }

  /** From the least key on, in a table whose own codec is {@code tableCodec}. */
  Walk walk(Codec tableCodec) {
    return new Walk(tableCodec);
  }

  /** A place in the ranges, which moves with the keys that are written. Not thread-safe. */
  final class Walk {
    private final Codec tableCodec;
    private int index;
    private Codec codec;

    private Walk(Codec tableCodec) {
      this.tableCodec = tableCodec;
      this.codec = codecAt(0);
    }

    /** The codec of the key that {@link #moveTo} was asked for last. */
    Codec codec() {
      return codec;
    }

    /** Goes to a key behind all before. */
    void moveTo(Slice key) {
      int reached = index;
      while (reached + 1 < ranges.size()
          && key.compareTo(ranges.get(reached + 1).range().start()) >= 0) {
        reached++;
      }
      if (reached != index) {
        index = reached;
        codec = codecAt(reached);
      }
    }

    private Codec codecAt(int rangeIndex) {
      if (ranges.isEmpty()) {
        return tableCodec;
      }
      return switch (ranges.get(rangeIndex).policy().codec()) {
        case STORE -> tableCodec;
        case NONE -> Codec.NONE;
        case LZ4 -> Codec.LZ4;
        case ZSTD -> Codec.ZSTD;
      };
    }
  }
}

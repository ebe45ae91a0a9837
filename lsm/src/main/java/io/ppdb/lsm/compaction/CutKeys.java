package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.lsm.table.SsTable.BlockSummary;
import io.ppdb.lsm.tree.TableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a compaction is cut into pieces of about one size, by the block indexes of its inputs. */
public final class CutKeys {
  /** No piece has less than this many times what a table of the result may have. */
  private static final int MIN_TABLE_COUNT = 2;

  /** Of one input; more of them would not make pieces more even. */
  private static final int MAX_BLOCK_COUNT = 64;

  private record Weight(byte[] key, long bytes) {}

  private CutKeys() {}

  /** Ranges of all keys, side by side, that have about as much of the inputs each. */
  public static List<KeyRange> ranges(Compaction compaction, CompactionOptions options)
      throws IOException {
    long bytes = 0;
    for (TableFile input : compaction.inputs()) {
      bytes += input.meta().sizeInBytes();
    }
    long fitting = bytes / MIN_TABLE_COUNT / options.tableBytes();
    int count = (int) Math.min(options.maxSubcompactions(), fitting);
    return count <= 1 ? List.of(KeyRange.all()) : cut(weights(compaction), count);
  }

  private static List<Weight> weights(Compaction compaction) throws IOException {
    List<Weight> weights = new ArrayList<>();
    for (TableFile input : compaction.inputs()) {
      List<BlockSummary> blocks = input.table().blocks();
      int step = Math.max(1, blocks.size() / MAX_BLOCK_COUNT);
      long bytes = 0;
      for (int i = 0; i < blocks.size(); i++) {
        bytes += blocks.get(i).sizeInBytes();
        if ((i + 1) % step == 0 || i + 1 == blocks.size()) {
          weights.add(new Weight(blocks.get(i).separator(), bytes));
          bytes = 0;
        }
      }
    }
    weights.sort(Comparator.comparing(Weight::key, Arrays::compareUnsigned));
    return weights;
  }

  private static List<KeyRange> cut(List<Weight> weights, int count) {
    long total = weights.stream().mapToLong(Weight::bytes).sum();
    List<KeyRange> ranges = new ArrayList<>();
    byte[] start = {};
    long before = 0;
    for (Weight weight : weights) {
      before += weight.bytes();
      boolean isFull = before >= total * (ranges.size() + 1) / count;
      if (isFull && ranges.size() + 1 < count && Arrays.compareUnsigned(weight.key(), start) > 0) {
        ranges.add(range(start, weight.key()));
        start = weight.key();
      }
    }
    ranges.add(range(start, null));
    return ranges;
  }

  private static KeyRange range(byte[] start, byte @Nullable [] end) {
    return KeyRange.of(start, end);
  }
}

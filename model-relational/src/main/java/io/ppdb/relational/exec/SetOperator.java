package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UNION, INTERSECT and EXCEPT, with or without ALL, over two or more inputs, which are combined
 * from left to right. Rows are equal if all columns are, NULLs included.
 */
public final class SetOperator extends Operator {
  /** How often a row that occurs {@code left} and {@code right} times occurs in the result. */
  public enum Kind {
    UNION {
      @Override
      long combine(long left, long right) {
        return left + right;
      }
    },
    INTERSECT {
      @Override
      long combine(long left, long right) {
        return Math.min(left, right);
      }
    },
    EXCEPT {
      @Override
      long combine(long left, long right) {
        return left - right;
      }
    };

    abstract long combine(long left, long right);
  }

  private final Kind kind;
  private final boolean all;
  private final List<Operator> inputs;
  private @Nullable GroupIndex index;
  private @Nullable MemoryAccount memory;
  private long[] counts = {};
  private int nextGroup;
  private boolean consumed;
  private @Nullable VectorBatch output;

  /** Inputs whose columns have other types than {@code types} are cast. */
  public SetOperator(
      Kind kind, boolean all, List<ColumnType> types, List<? extends Operator> inputs) {
    super(types);
    this.kind = kind;
    this.all = all;
    this.inputs = inputs.stream().map(input -> CastOperator.to(types, input)).toList();
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    index = new GroupIndex(types());
    memory = new MemoryAccount(context.memory(), kind + " of rows");
    output = VectorBatch.create(types(), 0);
    consumed = false;
    nextGroup = 0;
    for (Operator input : inputs) {
      input.open(context);
    }
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    GroupIndex groups = index;
    VectorBatch batch = output;
    if (groups == null || batch == null) {
      return null;
    }
    if (!consumed) {
      consume(groups);
      consumed = true;
    }
    int capacity = context().batchRows();
    int[] rows = new int[capacity];
    int count = 0;
    while (count < capacity && nextGroup < groups.groupCount()) {
      if (counts[nextGroup] > 0) {
        counts[nextGroup]--;
        rows[count++] = nextGroup;
      } else {
        nextGroup++;
      }
    }
    if (count == 0) {
      return null;
    }
    batch.reset(count);
    groups.keys().gather(rows, count, batch, 0);
    batch.setRowCount(count);
    return batch;
  }

  private void consume(GroupIndex groups) {
    int[] assigned = new int[VectorBatch.MAX_ROWS];
    for (int i = 0; i < inputs.size(); i++) {
      long[] seen = new long[Math.max(counts.length, 1024)];
      VectorBatch batch;
      while ((batch = inputs.get(i).next()) != null) {
        groups.assign(batch, assigned);
        if (groups.groupCount() > seen.length) {
          seen = Arrays.copyOf(seen, Math.max(groups.groupCount(), seen.length * 2));
        }
        for (int row = 0; row < batch.size(); row++) {
          seen[assigned[row]] = all ? seen[assigned[row]] + 1 : 1;
        }
        if (memory != null) {
          memory.resize(groups.sizeInBytes() + 16L * seen.length);
        }
      }
      inputs.get(i).close();
      combine(seen, i == 0, groups.groupCount());
    }
  }

  private void combine(long[] seen, boolean first, int groupCount) {
    long[] combined = Arrays.copyOf(counts, Math.max(groupCount, counts.length));
    for (int group = 0; group < groupCount; group++) {
      long count = first ? seen[group] : kind.combine(combined[group], seen[group]);
      combined[group] = all ? Math.max(count, 0) : (count > 0 ? 1 : 0);
    }
    counts = combined;
  }

  @Override
  public void close() {
    inputs.forEach(Operator::close);
    index = null;
    if (memory != null) {
      memory.release();
    }
  }
}

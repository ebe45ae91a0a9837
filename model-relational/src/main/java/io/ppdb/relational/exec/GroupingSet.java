package io.ppdb.relational.exec;

import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups and states of one grouping set.
 *
 * <p>Once it may not grow any more, rows of groups that it has are still added to these; the others
 * are put into temporary files by the hash of their keys, and become grouping sets of their own
 * ({@link #next}) when this one was given out. Not thread-safe.
 */
final class GroupingSet implements AutoCloseable {
  private static final int[] NO_POSITIONS = {};

  private final Shape shape;
  private final List<Integer> columns;
  private final int level;
  private final @Nullable GroupIndex index;
  private final VectorBatch key;
  private final List<AggregateState> states = new ArrayList<>();
  private int[] groups = NO_POSITIONS;
  private @Nullable RowPartitions others;
  private long[] hashes = {};
  private int[] known = NO_POSITIONS;
  private int[] unknown = NO_POSITIONS;
  private int nextPartition;

  /**
   * What all grouping sets of an aggregation have in common.
   *
   * @param groupColumns the input columns of the output's first columns
   */
  record Shape(
      List<ColumnType> inputTypes,
      List<Integer> groupColumns,
      List<AggregateSpec> aggregates,
      EvaluationContext evaluation) {}

  /** A set without groups, of which {@code columns} are the keys. */
  GroupingSet(Shape shape, List<Integer> columns) {
    this(shape, columns, 0);
  }

  private GroupingSet(Shape shape, List<Integer> columns, int level) {
    this.shape = shape;
    this.columns = columns;
    this.level = level;
    List<ColumnType> inputTypes = shape.inputTypes;
    this.index =
        columns.isEmpty() ? null : new GroupIndex(columns.stream().map(inputTypes::get).toList());
    this.key = new VectorBatch(new Vector[columns.size()]);
    for (AggregateSpec spec : shape.aggregates) {
      states.add(
          new AggregateState(
              spec, Accumulators.create(spec, inputTypes, columns, shape.evaluation), inputTypes));
    }
  }

  int groupCount() {
    return index == null ? 1 : index.groupCount();
  }

  /** Lets the set take no more groups, if that is of use. */
  void stopGrowing(TemporaryFiles files) {
    if (others == null && index != null && level < RowPartitions.MAX_LEVEL) {
      others = new RowPartitions(shape.inputTypes, files, level);
    }
  }

  /** Adds the live rows of {@code batch}. */
  void add(VectorBatch batch) {
    if (index == null) {
      addToStates(batch, null);
      return;
    }
    int count = batch.size();
    for (int i = 0; i < columns.size(); i++) {
      key.columns()[i] = batch.column(columns.get(i));
    }
    key.setRowCount(batch.rowCount());
    key.setSelection(batch.selection(), count);
    groups = groups.length < count ? new int[VectorBatch.MAX_ROWS] : groups;
    RowPartitions files = others;
    if (files == null) {
      index.assign(key, groups);
      addToStates(batch, groups);
    } else {
      index.find(key, groups);
      int[] selection = batch.selection();
      separate(batch, files);
      addToStates(batch, groups);
      batch.setSelection(selection, count);
    }
  }

  /** Puts rows without a group into files, and leaves the others live in {@code batch}. */
  private void separate(VectorBatch batch, RowPartitions files) {
    int count = batch.size();
    if (known.length < count) {
      known = new int[VectorBatch.MAX_ROWS];
      unknown = new int[VectorBatch.MAX_ROWS];
      hashes = new long[VectorBatch.MAX_ROWS];
    }
    int knownCount = 0;
    int unknownCount = 0;
    for (int i = 0; i < count; i++) {
      if (groups[i] < 0) {
        unknown[unknownCount++] = batch.position(i);
      } else {
        known[knownCount] = batch.position(i);
        groups[knownCount++] = groups[i];
      }
    }
    if (unknownCount > 0) {
      Hashing.hash(key.columns(), unknown, unknownCount, hashes);
      batch.setSelection(unknown, unknownCount);
      files.add(batch, hashes);
    }
    batch.setSelection(known, knownCount);
  }

  private void addToStates(VectorBatch batch, int @Nullable [] rowGroups) {
    for (AggregateState state : states) {
      state.add(batch, rowGroups, groupCount());
    }
  }

  /** Writes {@code count} groups from {@code first} on as rows of {@code batch}. */
  void emit(int first, int count, VectorBatch batch) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = first + i;
    }
    List<Integer> groupColumns = shape.groupColumns;
    for (int i = 0; i < groupColumns.size(); i++) {
      int keyColumn = columns.indexOf(groupColumns.get(i));
      Vector result = batch.column(i);
      if (index != null && keyColumn >= 0) {
        result.copy(index.keys().columns()[keyColumn], positions, count, 0);
      } else {
        Arrays.fill(result.nullsForWriting(), 0, count, true);
      }
    }
    for (int i = 0; i < states.size(); i++) {
      states.get(i).ensureGroups(groupCount());
      states.get(i).emit(first, count, batch.column(groupColumns.size() + i));
    }
  }

  /** A set for the next part of the rows that found no group here; null if there is none. */
  @Nullable Pending next() {
    RowPartitions files = others;
    while (files != null && nextPartition < RowPartitions.COUNT) {
      BatchFile rows = files.take(nextPartition++);
      if (rows != null) {
        return new Pending(new GroupingSet(shape, columns, level + 1), rows);
      }
    }
    return null;
  }

  /** A set, and the rows to be added to it, which the caller closes. */
  record Pending(GroupingSet set, BatchFile rows) {}

  long sizeInBytes() {
    long bytes = index == null ? 0 : index.sizeInBytes();
    for (AggregateState state : states) {
      bytes += state.sizeInBytes();
    }
    return bytes + (others == null ? 0 : others.sizeInBytes());
  }

  @Override
  public void close() {
    if (others != null) {
      others.close();
    }
  }
}

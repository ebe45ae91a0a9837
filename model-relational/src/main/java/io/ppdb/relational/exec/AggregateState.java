package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of one grouping set: lets through to its accumulator the rows that FILTER, DISTINCT
 * and the rule on NULL arguments leave.
 */
final class AggregateState {
  private final Accumulator accumulator;

  /** The columns that decide what is distinct, then those that only sort. */
  private final int[] arguments;

  private final int distinctArguments;

  /** The first so many arguments, if NULL, exclude a row: all but the delimiter of string_agg. */
  private final int decidingArguments;

  private final int filterColumn;
  private final Vector[] values;
  private final @Nullable GroupIndex distinct;
  private final VectorBatch distinctKey;
  private int[] positions = {};
  private int[] groups = {};
  private int[] assigned = {};

  AggregateState(AggregateSpec spec, Accumulator accumulator, List<ColumnType> inputTypes) {
    this.accumulator = accumulator;
    this.arguments =
        IntStream.concat(
                spec.arguments().stream().mapToInt(Integer::intValue),
                spec.order().stream().mapToInt(SortKey::column))
            .toArray();
    this.distinctArguments = spec.arguments().size();
    this.decidingArguments =
        accumulator.wantsNulls()
            ? 0
            : switch (spec.function()) {
              case STRING_AGG -> 1;
              case PERCENTILE_CONT, PERCENTILE_DISC, MODE -> arguments.length;
              default -> distinctArguments;
            };
    this.filterColumn = spec.filterColumn();
    this.values = new Vector[arguments.length];
    this.distinctKey = new VectorBatch(new Vector[distinctArguments + 1]);
    if (spec.distinct() && distinctArguments > 0) {
      List<ColumnType> keyTypes = new ArrayList<>();
      keyTypes.add(ColumnType.INTEGER);
      for (int argument : spec.arguments()) {
        keyTypes.add(inputTypes.get(argument));
      }
      this.distinct = new GroupIndex(keyTypes);
      distinctKey.columns()[0] = new IntVector(ColumnType.INTEGER, 0);
    } else {
      this.distinct = null;
    }
  }

  /** Adds the live rows of {@code batch}, live row i belonging to group {@code rowGroups[i]}. */
  void add(VectorBatch batch, int @Nullable [] rowGroups, int groupCount) {
    accumulator.ensureGroups(groupCount);
    for (int i = 0; i < arguments.length; i++) {
      values[i] = batch.column(arguments[i]);
    }
    int[] selection = batch.selection();
    int count = batch.size();
    boolean anyNulls = false;
    for (int i = 0; i < decidingArguments; i++) {
      anyNulls |= values[i].hasNulls();
    }
    if (filterColumn < 0 && !anyNulls && distinct == null) {
      accumulator.add(values, selection, count, rowGroups);
      return;
    }
    ensureScratch(count);
    BooleanVector filter = filterColumn < 0 ? null : (BooleanVector) batch.column(filterColumn);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      boolean keep = true;
      for (int j = 0; anyNulls && j < decidingArguments; j++) {
        keep &= !values[j].isNull(position);
      }
      if (keep && filter != null) {
        keep = filter.get(position) && !filter.isNull(position);
      }
      if (keep) {
        positions[kept] = position;
        groups[kept++] = rowGroups == null ? 0 : rowGroups[i];
      }
    }
    if (distinct != null) {
      kept = keepNew(distinct, batch.rowCount(), kept);
    }
    accumulator.add(values, positions, kept, rowGroups == null ? null : groups);
  }

  /** Keeps of the first {@code count} rows those whose group and arguments were not seen before. */
  private int keepNew(GroupIndex known, int rowCount, int count) {
    Vector group = distinctKey.column(0);
    group.reset(rowCount);
    for (int i = 0; i < count; i++) {
      ((IntVector) group).set(positions[i], groups[i]);
    }
    System.arraycopy(values, 0, distinctKey.columns(), 1, distinctArguments);
    distinctKey.setRowCount(rowCount);
    distinctKey.setSelection(positions, count);
    int newest = known.groupCount();
    known.assign(distinctKey, assigned);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (assigned[i] == newest) {
        newest++;
        positions[kept] = positions[i];
        groups[kept++] = groups[i];
      }
    }
    return kept;
  }

  private void ensureScratch(int count) {
    if (positions.length < count) {
      int capacity = Math.max(count, 2 * positions.length);
      positions = new int[capacity];
      groups = new int[capacity];
      assigned = new int[capacity];
    }
  }

  void ensureGroups(int groupCount) {
    accumulator.ensureGroups(groupCount);
  }

  void emit(int first, int count, Vector result) {
    accumulator.emit(first, count, result);
  }

  long sizeInBytes() {
    return accumulator.sizeInBytes() + (distinct == null ? 0 : distinct.sizeInBytes());
  }
}

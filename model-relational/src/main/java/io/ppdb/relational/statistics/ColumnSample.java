package io.ppdb.relational.statistics;

import io.ppdb.relational.statistics.ColumnStatistics.CommonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one column in a sample of rows, of which statistics are made. */
public final class ColumnSample {
  /** How much more often than the average a value occurs that is listed. */
  private static final double COMMON_FACTOR = 1.25;

  private final @Nullable SampleValue[] values;

  /** A value and how many rows of the sample have it. */
  private record Group(SampleValue value, int count) {}

  /** A sample of {@code rowCount} rows. */
  public ColumnSample(int rowCount) {
    values = new @Nullable SampleValue[rowCount];
  }

  /** Sets the value in a row of the sample; null is NULL. */
  public void set(int row, @Nullable SampleValue value) {
    values[row] = value;
  }

  /**
   * Statistics of a column in a table of {@code rowCount} rows, of which these are some or all.
   *
   * @param detail how many values to list as common, at most, and into how many parts to divide the
   *     others
   */
  public ColumnStatistics statistics(double rowCount, int detail) {
    List<SampleValue> present = new ArrayList<>(values.length);
    for (SampleValue value : values) {
      if (value != null) {
        present.add(value);
      }
    }
    if (present.isEmpty()) {
      return new ColumnStatistics(values.length == 0 ? 0 : 1, 0, List.of(), List.of());
    }
    present.sort(null);
    List<Group> groups = groups(present);
    double presentFraction = (double) present.size() / values.length;
    double distinct = distinctCount(groups, present.size(), rowCount * presentFraction);
    List<Group> common = common(groups, present.size(), distinct, detail);
    List<CommonValue> commonValues =
        common.stream()
            .map(group -> new CommonValue(group.value, (double) group.count / values.length))
            .toList();
    List<SampleValue> others = without(groups, common);
    double nullFraction = (double) (values.length - present.size()) / values.length;
    return new ColumnStatistics(nullFraction, distinct, commonValues, bounds(others, detail));
  }

  private static List<Group> groups(List<SampleValue> sorted) {
    List<Group> groups = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || !sorted.get(i).equals(sorted.get(start))) {
        groups.add(new Group(sorted.get(start), i - start));
        start = i;
      }
    }
    return groups;
  }

  private static double distinctCount(List<Group> groups, int sampled, double rowCount) {
    double once = groups.stream().filter(group -> group.count == 1).count();
    return distinctCount(sampled, groups.size(), once, rowCount);
  }

  /**
   * How many values {@code rowCount} rows have, if {@code seen} were seen in a sample, and {@code
   * once} of these only once: the estimator "Duj1" of Haas and Stokes (1998).
   */
  static double distinctCount(double sampled, double seen, double once, double rowCount) {
    if (rowCount <= sampled) {
      return seen;
    }
    double estimate = sampled * seen / (sampled - once + once * sampled / rowCount);
    return Math.min(rowCount, Math.max(seen, estimate));
  }

  /** The values to list: all of a few, else those that are more frequent than the average. */
  private static List<Group> common(List<Group> groups, int sampled, double distinct, int detail) {
    List<Group> byCount = new ArrayList<>(groups);
    byCount.sort(Comparator.comparingInt(Group::count).reversed());
    boolean few = groups.size() <= detail && distinct <= groups.size() * 1.01;
    double least = few ? 1 : Math.max(2, COMMON_FACTOR * sampled / Math.max(1, distinct));
    List<Group> common = new ArrayList<>();
    for (Group group : byCount) {
      if (common.size() == detail || group.count < least) {
        break;
      }
      common.add(group);
    }
    return common;
  }

  private static List<SampleValue> without(List<Group> groups, List<Group> common) {
    List<SampleValue> others = new ArrayList<>();
    for (Group group : groups) {
      if (!common.contains(group)) {
        for (int i = 0; i < group.count; i++) {
          others.add(group.value);
        }
      }
    }
    return others;
  }

  private static List<SampleValue> bounds(List<SampleValue> sorted, int detail) {
    if (sorted.isEmpty()) {
      return List.of();
    }
    int parts = Math.min(detail, sorted.size() - 1);
    List<SampleValue> bounds = new ArrayList<>();
    for (int i = 0; i <= parts; i++) {
      int index = parts == 0 ? 0 : (int) ((long) i * (sorted.size() - 1) / parts);
      bounds.add(sorted.get(index));
    }
    return bounds;
  }
}

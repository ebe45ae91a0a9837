package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows as lists of objects, and operators over them: what the naive references work with. */
final class Rows {
  static final long SEED = Long.getLong("ppdb.seed", 20010203L);

  private Rows() {}

  /**
   * A scan of {@code rows} in batches of random sizes, between which rows lie that a selection
   * hides.
   */
  static Operator scan(List<ColumnType> types, List<List<@Nullable Object>> rows, Random random) {
    return new ScanOperator(types, context -> new ListSource(types, rows, random));
  }

  private static final class ListSource implements BatchSource {
    private final List<ColumnType> types;
    private final List<List<@Nullable Object>> rows;
    private final Random random;
    private int next;

    ListSource(List<ColumnType> types, List<List<@Nullable Object>> rows, Random random) {
      this.types = types;
      this.rows = rows;
      this.random = random;
    }

    @Override
    public boolean fill(VectorBatch batch, int rowCount) {
      int size = Math.min(1 + random.nextInt(rowCount), rowCount);
      boolean withHidden = random.nextBoolean();
      int[] selection = new int[size];
      int selected = 0;
      int position = 0;
      for (; position < size && next < rows.size(); position++) {
        boolean hidden = withHidden && random.nextInt(4) == 0;
        List<@Nullable Object> row = hidden ? randomRow(types, random) : rows.get(next++);
        for (int column = 0; column < types.size(); column++) {
          batch.column(column).setObject(position, row.get(column));
        }
        if (!hidden) {
          selection[selected++] = position;
        }
      }
      batch.setRowCount(position);
      if (selected < position) {
        batch.setSelection(selection, selected);
      }
      return next < rows.size();
    }

    @Override
    public void close() {}
  }

  /** All rows of an operator, which is opened and closed here. */
  static List<List<@Nullable Object>> read(Operator operator) {
    return read(operator, context());
  }

  static List<List<@Nullable Object>> read(Operator operator, ExecutionContext context) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    operator.open(context);
    try (RowCursor cursor = new RowCursor(operator)) {
      while (cursor.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int column = 0; column < cursor.types().size(); column++) {
          row.add(cursor.getObject(column));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  static ExecutionContext context() {
    return ExecutionContext.builder().batchRows(64).build();
  }

  static List<List<@Nullable Object>> random(List<ColumnType> types, int count, Random random) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(randomRow(types, random));
    }
    return rows;
  }

  private static List<@Nullable Object> randomRow(List<ColumnType> types, Random random) {
    List<@Nullable Object> row = new ArrayList<>();
    for (ColumnType type : types) {
      row.add(random.nextInt(8) == 0 ? null : randomValue(type, random));
    }
    return row;
  }

  /** Values from a small domain, so that keys repeat. */
  static Object randomValue(ColumnType type, Random random) {
    int small = random.nextInt(12) - 3;
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case SMALLINT, INTEGER -> small;
      case BIGINT -> small * 10_000_000_000L;
      case DECIMAL ->
          BigDecimal.valueOf(
              small * 25L, type.isUnconstrainedNumeric() ? random.nextInt(3) : type.scale());
      case REAL -> (float) small / 2;
      case DOUBLE -> small == 0 && random.nextBoolean() ? -0.0 : small / 4.0;
      case VARCHAR ->
          random.nextInt(4) == 0
              ? "a long string number " + small
              : String.valueOf((char) ('a' + small + 3));
      case JSON -> "[" + small + (random.nextBoolean() ? ".0]" : "]");
      case ARRAY -> Collections.nCopies(random.nextInt(3), randomValue(type.elementType(), random));
      case BYTEA, UUID, INTERVAL, DATE, TIME, TIMESTAMP, TIMESTAMPTZ ->
          throw new IllegalArgumentException(type.toString());
    };
  }

  /** Rows with values by which SQL calls them equal: 1.50 as 1.5, -0.0 as 0.0. */
  static List<List<@Nullable Object>> normalised(List<List<@Nullable Object>> rows) {
    return rows.stream().map(Rows::normalisedRow).toList();
  }

  static List<@Nullable Object> normalisedRow(List<@Nullable Object> row) {
    List<@Nullable Object> normalised = new ArrayList<>();
    for (Object value : row) {
      if (value instanceof BigDecimal decimal) {
        normalised.add(decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros());
      } else if (value instanceof Double number) {
        normalised.add(number + 0.0);
      } else {
        normalised.add(value);
      }
    }
    return normalised;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> List<@Nullable T> row(@Nullable T... values) {
    return Arrays.asList(values);
  }
}

package io.ppdb.relational.constraint;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows and keys in messages: {@code (a, b)=(1, x)}. */
final class RowText {
  private static final int MAX_VALUE_LENGTH = 64;

  private RowText() {}

  /** A whole row. */
  static String of(TableDefinition table, VectorBatch rows, int position) {
    List<Integer> all = IntStream.range(0, table.columns().size()).boxed().toList();
    return of(table, all, rows, position);
  }

  /** Some columns of a row. */
  static String of(TableDefinition table, List<Integer> columns, VectorBatch rows, int position) {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.column(columns.get(i)).getObject(position);
    }
    return of(table, columns, values);
  }

  /** Values of some columns. */
  static String of(TableDefinition table, List<Integer> columns, @Nullable Object[] values) {
    List<String> names = columns.stream().map(column -> table.column(column).name()).toList();
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      String text = String.valueOf(value);
      boolean isLong = text.length() > MAX_VALUE_LENGTH;
      texts.add(isLong ? text.substring(0, MAX_VALUE_LENGTH) + "..." : text);
    }
    return "(" + String.join(", ", names) + ")=(" + String.join(", ", texts) + ")";
  }
}

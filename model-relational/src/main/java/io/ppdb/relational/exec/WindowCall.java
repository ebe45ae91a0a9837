package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a window function.
 *
 * @param arguments input columns
 * @param ignoreNulls whether lag, lead and the functions that pick a value pass over NULLs
 * @param type the type of the result
 * @param aggregate what AGGREGATE computes over the frame; null for the rest
 * @param keyColumn the order key that bounds by value are compared with, or -1
 */
public record WindowCall(
    Function function,
    List<Integer> arguments,
    WindowFrame frame,
    boolean ignoreNulls,
    ColumnType type,
    @Nullable AggregateSpec aggregate,
    int keyColumn) {

  /** The functions. */
  public enum Function {
    ROW_NUMBER,
    RANK,
    DENSE_RANK,
    PERCENT_RANK,
    CUME_DIST,
    NTILE,
    LAG,
    LEAD,
    FIRST_VALUE,
    LAST_VALUE,
    NTH_VALUE,
    AGGREGATE
  }

  public WindowCall {
    arguments = List.copyOf(arguments);
  }
}

package io.ppdb.jdbc.session;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement. Used by one thread at a time, save for {@link #cancel}.
 *
 * <p>Parameter values are null or of the Java classes that {@link SqlType#valueClass} names; the
 * database converts a value to the type it inferred for the parameter, and text to anything that
 * has a text form.
 */
public interface SqlStatement extends AutoCloseable {
  /** What is known about each parameter, in order. */
  List<ParameterInfo> parameters();

  /** The columns of its rows; empty if it gives an update count. */
  List<ColumnInfo> columns();

  /**
   * Executes it.
   *
   * @param parameters one value per parameter
   * @param options limits of this execution
   */
  SqlResult execute(@Nullable Object[] parameters, ExecuteOptions options) throws SQLException;

  /**
   * Executes it once per parameter set; in autocommit all of them are one transaction.
   *
   * <p>Stops at the first failure. {@code updateCounts} comes filled with {@link
   * java.sql.Statement#EXECUTE_FAILED} and gets the counts of the sets that took effect; a database
   * may take back the whole batch, and then there are none.
   */
  void executeBatch(
      List<@Nullable Object[]> parameterSets, long[] updateCounts, ExecuteOptions options)
      throws SQLException;

  /** From any thread: lets a running execution or fetch fail with SQLSTATE 57014. */
  void cancel();

  @Override
  void close();
}

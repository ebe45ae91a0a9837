package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An array of SQL: session values of one type, NULLs among them as null. Not thread-safe. */
final class PpdbArray implements Array {
  private final PpdbConnection connection;
  private final SqlType baseType;
  private @Nullable List<@Nullable Object> elements;

  /** An array of {@code elements}, of the base type's value class. */
  PpdbArray(PpdbConnection connection, SqlType baseType, List<?> elements) {
    this.connection = connection;
    this.baseType = baseType;
    this.elements = Collections.unmodifiableList(new ArrayList<>(elements));
  }

  /** The session values. */
  List<@Nullable Object> elements() throws SQLException {
    List<@Nullable Object> known = elements;
    if (known == null) {
      throw SqlErrors.of("55000", "the array was freed");
    }
    return known;
  }

  @Override
  public String getBaseTypeName() {
    return baseType.sqlName();
  }

  @Override
  public int getBaseType() {
    return baseType.jdbcType();
  }

  /** The elements in a Java array of the class that {@code getObject} gives for their type. */
  @Override
  public Object getArray() throws SQLException {
    return toJava(elements());
  }

  @Override
  public Object getArray(@Nullable Map<String, Class<?>> map) throws SQLException {
    refuse(map);
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) throws SQLException {
    return toJava(slice(index, count));
  }

  @Override
  public Object getArray(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    refuse(map);
    return getArray(index, count);
  }

  private Object toJava(List<@Nullable Object> values) throws SQLException {
    @Nullable Object[] array =
        (@Nullable Object[])
            java.lang.reflect.Array.newInstance(baseType.objectClass(), values.size());
    for (int i = 0; i < array.length; i++) {
      array[i] = Conversions.toObject(values.get(i));
    }
    return array;
  }

  private List<@Nullable Object> slice(long index, int count) throws SQLException {
    List<@Nullable Object> known = elements();
    if (index < 1 || count < 0 || index - 1 + count > known.size()) {
      throw SqlErrors.invalidArgument(
          "elements " + index + " to " + (index - 1 + count) + " of an array of " + known.size());
    }
    return known.subList((int) index - 1, (int) index - 1 + count);
  }

  private static void refuse(@Nullable Map<String, Class<?>> map) throws SQLException {
    if (map != null && !map.isEmpty()) {
      throw SqlErrors.notSupported("PPDB has no user-defined types that a map could name");
    }
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    return rows(1, elements());
  }

  @Override
  public ResultSet getResultSet(@Nullable Map<String, Class<?>> map) throws SQLException {
    refuse(map);
    return getResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLException {
    return rows(index, slice(index, count));
  }

  @Override
  public ResultSet getResultSet(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    refuse(map);
    return getResultSet(index, count);
  }

  private ResultSet rows(long firstIndex, List<@Nullable Object> values) throws SQLException {
    List<ColumnInfo> columns =
        Arrays.asList(ColumnInfo.of("INDEX", SqlType.INTEGER), ColumnInfo.of("VALUE", baseType));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      rows.add(new @Nullable Object[] {(int) firstIndex + i, values.get(i)});
    }
    PpdbStatement statement = connection.newStatement();
    statement.closeOnCompletion();
    return statement.show(new LocalResult(columns, rows));
  }

  @Override
  public void free() {
    elements = null;
  }

  /** The array as SQL writes it: {@code {1,NULL,3}}. */
  @Override
  public String toString() {
    return elements == null ? "freed array" : TextForms.array(elements);
  }
}

package io.ppdb.database.session;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ColumnInfo.Nullability;
import io.ppdb.jdbc.session.SqlType;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Between the engine's types and values and those of a session; only intervals differ in class. */
final class TypeMapping {
  private TypeMapping() {}

  static SqlType sqlType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> SqlType.BOOLEAN;
      case SMALLINT -> SqlType.SMALLINT;
      case INTEGER -> SqlType.INTEGER;
      case BIGINT -> SqlType.BIGINT;
      case DECIMAL -> SqlType.DECIMAL;
      case REAL -> SqlType.REAL;
      case DOUBLE -> SqlType.DOUBLE;
      case VARCHAR -> SqlType.VARCHAR;
      case BYTEA -> SqlType.BYTEA;
      case DATE -> SqlType.DATE;
      case TIME -> SqlType.TIME;
      case TIMESTAMP -> SqlType.TIMESTAMP;
      case TIMESTAMPTZ -> SqlType.TIMESTAMPTZ;
      case INTERVAL -> SqlType.INTERVAL;
      case UUID -> SqlType.UUID;
      case JSON -> SqlType.JSON;
      case ARRAY -> SqlType.ARRAY;
    };
  }

  /** Digits or characters as JDBC counts them: 0 where there is no limit. */
  static int precision(ColumnType type) {
    return Math.max(0, type.precision());
  }

  static List<ColumnInfo> columns(List<ResultColumn> columns) {
    List<ColumnInfo> described = new ArrayList<>(columns.size());
    for (ResultColumn column : columns) {
      ColumnType type = column.type();
      ColumnType element = type.element();
      described.add(
          ColumnInfo.of(column.name(), sqlType(type))
              .withElementType(element == null ? SqlType.UNKNOWN : sqlType(element))
              .withPrecision(precision(type), type.scale())
              .withNullability(column.nullable() ? Nullability.NULLABLE : Nullability.NOT_NULL)
              .withOrigin(column.schema(), column.table(), column.column()));
    }
    return described;
  }

  static @Nullable Object toSession(@Nullable Object value) {
    if (value instanceof List<?> array) {
      return each(array, TypeMapping::toSession);
    }
    return value instanceof Interval interval
        ? new io.ppdb.jdbc.session.Interval(
            interval.months(), interval.days(), interval.micros() * 1000)
        : value;
  }

  static @Nullable Object toEngine(@Nullable Object value) {
    if (value instanceof List<?> array) {
      return each(array, TypeMapping::toEngine);
    }
    return value instanceof io.ppdb.jdbc.session.Interval interval
        ? new Interval(interval.months(), interval.days(), interval.nanos() / 1000)
        : value;
  }

  private static List<@Nullable Object> each(
      List<?> values, Function<@Nullable Object, @Nullable Object> conversion) {
    List<@Nullable Object> converted = new ArrayList<>(values.size());
    for (Object value : values) {
      converted.add(conversion.apply(value));
    }
    return converted;
  }

  static @Nullable Object[] toEngine(@Nullable Object[] values) {
    @Nullable Object[] converted = values.clone();
    for (int i = 0; i < converted.length; i++) {
      converted[i] = toEngine(converted[i]);
    }
    return converted;
  }
}

package io.ppdb.jdbc.session;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types a session speaks, with their SQL names, their java.sql codes and value classes. */
public enum SqlType {
  BOOLEAN("boolean", Types.BOOLEAN, Boolean.class, Boolean.class, 1),
  SMALLINT("smallint", Types.SMALLINT, Integer.class, Integer.class, 5),
  INTEGER("integer", Types.INTEGER, Integer.class, Integer.class, 10),
  BIGINT("bigint", Types.BIGINT, Long.class, Long.class, 19),
  DECIMAL("numeric", Types.NUMERIC, BigDecimal.class, BigDecimal.class, 38),
  REAL("real", Types.REAL, Float.class, Float.class, 7),
  DOUBLE("double precision", Types.DOUBLE, Double.class, Double.class, 15),
  VARCHAR("varchar", Types.VARCHAR, String.class, String.class, 0),
  CHAR("char", Types.CHAR, String.class, String.class, 1),
  BYTEA("bytea", Types.VARBINARY, byte[].class, byte[].class, 0),
  DATE("date", Types.DATE, LocalDate.class, java.sql.Date.class, 10),
  TIME("time", Types.TIME, LocalTime.class, java.sql.Time.class, 15),
  TIMESTAMP("timestamp", Types.TIMESTAMP, LocalDateTime.class, java.sql.Timestamp.class, 29),
  TIMESTAMPTZ(
      "timestamp with time zone",
      Types.TIMESTAMP_WITH_TIMEZONE,
      OffsetDateTime.class,
      OffsetDateTime.class,
      35),
  INTERVAL("interval", Types.OTHER, Interval.class, Interval.class, 49),
  UUID("uuid", Types.OTHER, UUID.class, UUID.class, 36),
  /** JSON, as its text. */
  JSON("jsonb", Types.OTHER, String.class, String.class, 0),
  /** Values of the type that {@link ColumnInfo#elementType} tells; null for NULL. */
  ARRAY("array", Types.ARRAY, List.class, java.sql.Array.class, 0),
  /** A value whose type only the execution tells, such as a NULL literal. */
  UNKNOWN("unknown", Types.OTHER, Object.class, Object.class, 0);

  private final String sqlName;
  private final int jdbcType;
  private final Class<?> valueClass;
  private final Class<?> objectClass;
  private final int defaultPrecision;

  SqlType(
      String sqlName,
      int jdbcType,
      Class<?> valueClass,
      Class<?> objectClass,
      int defaultPrecision) {
    this.sqlName = sqlName;
    this.jdbcType = jdbcType;
    this.valueClass = valueClass;
    this.objectClass = objectClass;
    this.defaultPrecision = defaultPrecision;
  }

  /** The name in SQL text. */
  public String sqlName() {
    return sqlName;
  }

  /** The constant of {@link java.sql.Types}. */
  public int jdbcType() {
    return jdbcType;
  }

  /** The class of values in batches and parameters. */
  public Class<?> valueClass() {
    return valueClass;
  }

  /** The class that {@link java.sql.ResultSet#getObject(int)} gives. */
  public Class<?> objectClass() {
    return objectClass;
  }

  /** Digits or characters of the longest value where the column does not say; 0 if unlimited. */
  public int defaultPrecision() {
    return defaultPrecision;
  }

  public boolean isInteger() {
    return this == SMALLINT || this == INTEGER || this == BIGINT;
  }

  public boolean isFloat() {
    return this == REAL || this == DOUBLE;
  }

  public boolean isNumeric() {
    return isInteger() || isFloat() || this == DECIMAL;
  }

  public boolean isText() {
    return this == VARCHAR || this == CHAR;
  }

  /** The type that INFORMATION_SCHEMA or SQL text calls {@code name}; null if there is none. */
  public static @Nullable SqlType ofSqlName(String name) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "boolean":
      case "bool":
        return BOOLEAN;
      case "smallint":
      case "int2":
        return SMALLINT;
      case "integer":
      case "int":
      case "int4":
        return INTEGER;
      case "bigint":
      case "int8":
        return BIGINT;
      case "numeric":
      case "decimal":
        return DECIMAL;
      case "real":
      case "float4":
        return REAL;
      case "double precision":
      case "double":
      case "float":
      case "float8":
        return DOUBLE;
      case "varchar":
      case "character varying":
      case "text":
        return VARCHAR;
      case "char":
      case "character":
      case "bpchar":
        return CHAR;
      case "bytea":
      case "varbinary":
      case "binary":
        return BYTEA;
      case "date":
        return DATE;
      case "time":
      case "time without time zone":
        return TIME;
      case "timestamp":
      case "timestamp without time zone":
        return TIMESTAMP;
      case "timestamptz":
      case "timestamp with time zone":
        return TIMESTAMPTZ;
      case "interval":
        return INTERVAL;
      case "uuid":
        return UUID;
      case "json":
      case "jsonb":
        return JSON;
      case "array":
        return ARRAY;
      default:
        return null;
    }
  }
}

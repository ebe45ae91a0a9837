package io.ppdb.relational.type;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.Objects;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column or expression: a kind and its parameters. Whether NULL is allowed is not
 * part of it.
 *
 * <p>{@code precision} counts digits (decimal) or characters (varchar) and is {@link #UNLIMITED}
 * for all other kinds, for text, and for numeric without parameters; {@code scale} is 0 unless a
 * decimal has one. Numeric without parameters lets every value keep a scale of its own, as in
 * PostgreSQL.
 *
 * @param element the type of an array's elements, itself no array; null for all other kinds
 */
public record ColumnType(TypeKind kind, int precision, int scale, @Nullable ColumnType element) {
  /** The precision of a type that has no limit. */
  public static final int UNLIMITED = -1;

  /** Largest precision of a decimal whose every value is a scaled {@code long}. */
  public static final int MAX_LONG_PRECISION = 18;

  public static final ColumnType BOOLEAN = of(TypeKind.BOOLEAN);
  public static final ColumnType SMALLINT = of(TypeKind.SMALLINT);
  public static final ColumnType INTEGER = of(TypeKind.INTEGER);
  public static final ColumnType BIGINT = of(TypeKind.BIGINT);
  public static final ColumnType NUMERIC = of(TypeKind.DECIMAL);
  public static final ColumnType REAL = of(TypeKind.REAL);
  public static final ColumnType DOUBLE = of(TypeKind.DOUBLE);
  public static final ColumnType TEXT = of(TypeKind.VARCHAR);
  public static final ColumnType BYTEA = of(TypeKind.BYTEA);
  public static final ColumnType DATE = of(TypeKind.DATE);
  public static final ColumnType TIME = of(TypeKind.TIME);
  public static final ColumnType TIMESTAMP = of(TypeKind.TIMESTAMP);
  public static final ColumnType TIMESTAMPTZ = of(TypeKind.TIMESTAMPTZ);
  public static final ColumnType INTERVAL = of(TypeKind.INTERVAL);
  public static final ColumnType UUID = of(TypeKind.UUID);
  public static final ColumnType JSON = of(TypeKind.JSON);

  public ColumnType {
    if (precision != UNLIMITED && (precision < 1 || scale < 0 || scale > precision)) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          kind.sqlName()
              + ": precision must be at least 1 and scale between 0 and precision, seen ("
              + precision
              + ","
              + scale
              + ")");
    }
    if ((kind == TypeKind.ARRAY) != (element != null)) {
      throw new IllegalArgumentException(kind + " of " + element);
    }
    if (element != null && element.kind == TypeKind.ARRAY) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "arrays of several dimensions: " + element + "[]");
    }
  }

  /** A type that is no array. */
  public ColumnType(TypeKind kind, int precision, int scale) {
    this(kind, precision, scale, null);
  }

  /** The type of arrays of {@code element}. */
  public static ColumnType array(ColumnType element) {
    return new ColumnType(TypeKind.ARRAY, UNLIMITED, 0, element);
  }

  /** The type of the elements of this type, which is that of arrays. */
  public ColumnType elementType() {
    if (element == null) {
      throw new IllegalStateException(this + " has no elements");
    }
    return element;
  }

  private static ColumnType of(TypeKind kind) {
    return new ColumnType(kind, UNLIMITED, 0);
  }

  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(TypeKind.DECIMAL, precision, scale);
  }

  public static ColumnType varchar(int length) {
    return new ColumnType(TypeKind.VARCHAR, length, 0);
  }

  public PhysicalType physical() {
    return kind.physical();
  }

  /** Whether this is a decimal whose values all fit a {@code long} at this type's scale. */
  public boolean isLongDecimal() {
    return kind == TypeKind.DECIMAL && precision != UNLIMITED && precision <= MAX_LONG_PRECISION;
  }

  /** Whether this is numeric without parameters: each value has a scale of its own. */
  public boolean isUnconstrainedNumeric() {
    return kind == TypeKind.DECIMAL && precision == UNLIMITED;
  }

  /** The type that stands for Calcite's {@code type}; CHAR counts as VARCHAR, NULL as text. */
  public static ColumnType fromCalcite(RelDataType type) {
    SqlTypeName name = type.getSqlTypeName();
    return switch (name) {
      case BOOLEAN -> BOOLEAN;
      case TINYINT, SMALLINT -> SMALLINT;
      case INTEGER -> INTEGER;
      case BIGINT -> BIGINT;
      case DECIMAL ->
          PpdbTypeSystem.isUnconstrained(type)
              ? NUMERIC
              : decimal(type.getPrecision(), type.getScale());
      case REAL -> REAL;
      case FLOAT, DOUBLE -> DOUBLE;
      case CHAR, VARCHAR ->
          type.getPrecision() > 0 && type.getPrecision() < PpdbTypeSystem.MAX_TEXT_LENGTH
              ? varchar(type.getPrecision())
              : TEXT;
      case NULL, ANY, UNKNOWN -> TEXT;
      case BINARY, VARBINARY -> BYTEA;
      case DATE -> DATE;
      case TIME -> TIME;
      case TIMESTAMP -> TIMESTAMP;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> TIMESTAMPTZ;
      case UUID -> UUID;
      case VARIANT -> JSON;
      case ARRAY -> array(fromCalcite(Objects.requireNonNull(type.getComponentType())));
      default -> {
        if (SqlTypeName.INTERVAL_TYPES.contains(name)) {
          yield INTERVAL;
        }
        throw new PpdbException(ErrorCode.NOT_SUPPORTED, "type " + type.getFullTypeString());
      }
    };
  }

  /** Calcite's type for this one. */
  public RelDataType toCalcite(RelDataTypeFactory factory, boolean nullable) {
    RelDataType type =
        switch (kind) {
          case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case SMALLINT -> factory.createSqlType(SqlTypeName.SMALLINT);
          case INTEGER -> factory.createSqlType(SqlTypeName.INTEGER);
          case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
          case DECIMAL ->
              precision == UNLIMITED
                  ? PpdbTypeSystem.unconstrainedNumeric(factory)
                  : factory.createSqlType(SqlTypeName.DECIMAL, precision, scale);
          case REAL -> factory.createSqlType(SqlTypeName.REAL);
          case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          case VARCHAR ->
              precision == UNLIMITED
                  ? factory.createSqlType(SqlTypeName.VARCHAR)
                  : factory.createSqlType(SqlTypeName.VARCHAR, precision);
          case BYTEA -> factory.createSqlType(SqlTypeName.VARBINARY);
          case DATE -> factory.createSqlType(SqlTypeName.DATE);
          case TIME -> factory.createSqlType(SqlTypeName.TIME, PpdbTypeSystem.TIME_PRECISION);
          case TIMESTAMP ->
              factory.createSqlType(SqlTypeName.TIMESTAMP, PpdbTypeSystem.TIME_PRECISION);
          case TIMESTAMPTZ ->
              factory.createSqlType(
                  SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, PpdbTypeSystem.TIME_PRECISION);
          case INTERVAL ->
              factory.createSqlIntervalType(
                  new SqlIntervalQualifier(
                      TimeUnit.DAY,
                      PpdbTypeSystem.INTERVAL_PRECISION,
                      TimeUnit.SECOND,
                      PpdbTypeSystem.TIME_PRECISION,
                      SqlParserPos.ZERO));
          case UUID -> factory.createSqlType(SqlTypeName.UUID);
          case JSON -> factory.createSqlType(SqlTypeName.VARIANT);
          case ARRAY -> factory.createArrayType(elementType().toCalcite(factory, true), -1);
        };
    return factory.createTypeWithNullability(type, nullable);
  }

  /** The type as SQL writes it, for instance {@code numeric(15,2)}. */
  @Override
  public String toString() {
    if (kind == TypeKind.VARCHAR && precision == UNLIMITED) {
      return "text";
    }
    if (element != null) {
      return element + "[]";
    }
    if (precision == UNLIMITED) {
      return kind.sqlName();
    }
    return kind.sqlName()
        + (kind == TypeKind.DECIMAL ? "(" + precision + "," + scale + ")" : "(" + precision + ")");
  }
}

package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlType;
import java.sql.DatabaseMetaData;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A row of INFORMATION_SCHEMA.COLUMNS, and what {@link DatabaseMetaData} makes of it. */
final class ColumnRow {
  static final String SELECT =
      "SELECT table_catalog, table_schema, table_name, column_name, data_type,"
          + " character_maximum_length, numeric_precision, numeric_scale, is_nullable,"
          + " column_default, ordinal_position, remarks FROM information_schema.columns";
  static final String ORDER_BY = " ORDER BY table_schema, table_name, ordinal_position";

  private final @Nullable Object[] row;
  private final SqlType type;

  /** A row of {@link #SELECT}. */
  ColumnRow(@Nullable Object[] row) {
    this.row = row;
    SqlType known = SqlType.ofSqlName(PpdbDatabaseMetaData.text(row[4]));
    type = known == null ? SqlType.UNKNOWN : known;
  }

  /** A row of {@link DatabaseMetaData#getColumns}. */
  @Nullable Object[] toMetadata() {
    boolean nullable = !"NO".equals(row[8]);
    @Nullable Object[] result = new @Nullable Object[MetadataShape.COLUMNS.size()];
    System.arraycopy(row, 0, result, 0, 4);
    result[4] = type.jdbcType();
    result[5] = typeName();
    result[6] = size();
    result[8] = decimalDigits();
    result[9] = type.isNumeric() ? 10 : null;
    result[10] = nullable ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls;
    result[11] = row[11];
    result[12] = row[9];
    result[15] = type.isText() || type == SqlType.BYTEA ? size() : null;
    result[16] = ((Number) PpdbDatabaseMetaData.known(row[10])).intValue();
    result[17] = nullable ? "YES" : "NO";
    result[22] = "NO";
    result[23] = "NO";
    return result;
  }

  /** A row of {@link DatabaseMetaData#getBestRowIdentifier}. */
  @Nullable Object[] toRowIdentifier() {
    Integer digits = decimalDigits();
    return new @Nullable Object[] {
      (short) DatabaseMetaData.bestRowSession,
      row[3],
      type.jdbcType(),
      typeName(),
      size(),
      null,
      digits == null ? null : digits.shortValue(),
      (short) DatabaseMetaData.bestRowNotPseudo
    };
  }

  private String typeName() {
    return type == SqlType.UNKNOWN
        ? PpdbDatabaseMetaData.text(row[4]).toLowerCase(Locale.ROOT)
        : type.sqlName();
  }

  private int size() {
    Object declared = type.isText() || type == SqlType.BYTEA ? row[5] : row[6];
    if (declared != null && type != SqlType.REAL && type != SqlType.DOUBLE && !type.isInteger()) {
      return ((Number) declared).intValue();
    }
    return type.defaultPrecision() == 0 ? Integer.MAX_VALUE : type.defaultPrecision();
  }

  private @Nullable Integer decimalDigits() {
    if (row[7] != null) {
      return ((Number) row[7]).intValue();
    }
    return type.isInteger() ? Integer.valueOf(0) : null;
  }
}

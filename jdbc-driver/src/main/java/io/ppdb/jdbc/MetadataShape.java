package io.ppdb.jdbc;

import static io.ppdb.jdbc.session.SqlType.BOOLEAN;
import static io.ppdb.jdbc.session.SqlType.INTEGER;
import static io.ppdb.jdbc.session.SqlType.SMALLINT;
import static io.ppdb.jdbc.session.SqlType.VARCHAR;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of each result of {@link java.sql.DatabaseMetaData}, in the order that its
 * documentation fixes.
 */
final class MetadataShape {
  static final List<ColumnInfo> CATALOGS = shape("TABLE_CAT", VARCHAR);
  static final List<ColumnInfo> SCHEMAS = shape("TABLE_SCHEM", VARCHAR, "TABLE_CATALOG", VARCHAR);
  static final List<ColumnInfo> TABLE_TYPES = shape("TABLE_TYPE", VARCHAR);
  static final List<ColumnInfo> TABLES =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "TABLE_TYPE", VARCHAR,
          "REMARKS", VARCHAR,
          "TYPE_CAT", VARCHAR,
          "TYPE_SCHEM", VARCHAR,
          "TYPE_NAME", VARCHAR,
          "SELF_REFERENCING_COL_NAME", VARCHAR,
          "REF_GENERATION", VARCHAR);
  static final List<ColumnInfo> COLUMNS =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "COLUMN_NAME", VARCHAR,
          "DATA_TYPE", INTEGER,
          "TYPE_NAME", VARCHAR,
          "COLUMN_SIZE", INTEGER,
          "BUFFER_LENGTH", INTEGER,
          "DECIMAL_DIGITS", INTEGER,
          "NUM_PREC_RADIX", INTEGER,
          "NULLABLE", INTEGER,
          "REMARKS", VARCHAR,
          "COLUMN_DEF", VARCHAR,
          "SQL_DATA_TYPE", INTEGER,
          "SQL_DATETIME_SUB", INTEGER,
          "CHAR_OCTET_LENGTH", INTEGER,
          "ORDINAL_POSITION", INTEGER,
          "IS_NULLABLE", VARCHAR,
          "SCOPE_CATALOG", VARCHAR,
          "SCOPE_SCHEMA", VARCHAR,
          "SCOPE_TABLE", VARCHAR,
          "SOURCE_DATA_TYPE", SMALLINT,
          "IS_AUTOINCREMENT", VARCHAR,
          "IS_GENERATEDCOLUMN", VARCHAR);
  static final List<ColumnInfo> COLUMN_PRIVILEGES =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "COLUMN_NAME", VARCHAR,
          "GRANTOR", VARCHAR,
          "GRANTEE", VARCHAR,
          "PRIVILEGE", VARCHAR,
          "IS_GRANTABLE", VARCHAR);
  static final List<ColumnInfo> TABLE_PRIVILEGES =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "GRANTOR", VARCHAR,
          "GRANTEE", VARCHAR,
          "PRIVILEGE", VARCHAR,
          "IS_GRANTABLE", VARCHAR);
  static final List<ColumnInfo> BEST_ROW_IDENTIFIER =
      shape(
          "SCOPE", SMALLINT,
          "COLUMN_NAME", VARCHAR,
          "DATA_TYPE", INTEGER,
          "TYPE_NAME", VARCHAR,
          "COLUMN_SIZE", INTEGER,
          "BUFFER_LENGTH", INTEGER,
          "DECIMAL_DIGITS", SMALLINT,
          "PSEUDO_COLUMN", SMALLINT);
  static final List<ColumnInfo> VERSION_COLUMNS = BEST_ROW_IDENTIFIER;
  static final List<ColumnInfo> PRIMARY_KEYS =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "COLUMN_NAME", VARCHAR,
          "KEY_SEQ", SMALLINT,
          "PK_NAME", VARCHAR);
  static final List<ColumnInfo> FOREIGN_KEYS =
      shape(
          "PKTABLE_CAT", VARCHAR,
          "PKTABLE_SCHEM", VARCHAR,
          "PKTABLE_NAME", VARCHAR,
          "PKCOLUMN_NAME", VARCHAR,
          "FKTABLE_CAT", VARCHAR,
          "FKTABLE_SCHEM", VARCHAR,
          "FKTABLE_NAME", VARCHAR,
          "FKCOLUMN_NAME", VARCHAR,
          "KEY_SEQ", SMALLINT,
          "UPDATE_RULE", SMALLINT,
          "DELETE_RULE", SMALLINT,
          "FK_NAME", VARCHAR,
          "PK_NAME", VARCHAR,
          "DEFERRABILITY", SMALLINT);
  static final List<ColumnInfo> TYPE_INFO =
      shape(
          "TYPE_NAME", VARCHAR,
          "DATA_TYPE", INTEGER,
          "PRECISION", INTEGER,
          "LITERAL_PREFIX", VARCHAR,
          "LITERAL_SUFFIX", VARCHAR,
          "CREATE_PARAMS", VARCHAR,
          "NULLABLE", SMALLINT,
          "CASE_SENSITIVE", BOOLEAN,
          "SEARCHABLE", SMALLINT,
          "UNSIGNED_ATTRIBUTE", BOOLEAN,
          "FIXED_PREC_SCALE", BOOLEAN,
          "AUTO_INCREMENT", BOOLEAN,
          "LOCAL_TYPE_NAME", VARCHAR,
          "MINIMUM_SCALE", SMALLINT,
          "MAXIMUM_SCALE", SMALLINT,
          "SQL_DATA_TYPE", INTEGER,
          "SQL_DATETIME_SUB", INTEGER,
          "NUM_PREC_RADIX", INTEGER);
  static final List<ColumnInfo> INDEX_INFO =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "NON_UNIQUE", BOOLEAN,
          "INDEX_QUALIFIER", VARCHAR,
          "INDEX_NAME", VARCHAR,
          "TYPE", SMALLINT,
          "ORDINAL_POSITION", SMALLINT,
          "COLUMN_NAME", VARCHAR,
          "ASC_OR_DESC", VARCHAR,
          "CARDINALITY", SqlType.BIGINT,
          "PAGES", SqlType.BIGINT,
          "FILTER_CONDITION", VARCHAR);
  static final List<ColumnInfo> PROCEDURES =
      shape(
          "PROCEDURE_CAT", VARCHAR,
          "PROCEDURE_SCHEM", VARCHAR,
          "PROCEDURE_NAME", VARCHAR,
          "reserved1", VARCHAR,
          "reserved2", VARCHAR,
          "reserved3", VARCHAR,
          "REMARKS", VARCHAR,
          "PROCEDURE_TYPE", SMALLINT,
          "SPECIFIC_NAME", VARCHAR);
  static final List<ColumnInfo> PROCEDURE_COLUMNS =
      shape(
          "PROCEDURE_CAT", VARCHAR,
          "PROCEDURE_SCHEM", VARCHAR,
          "PROCEDURE_NAME", VARCHAR,
          "COLUMN_NAME", VARCHAR,
          "COLUMN_TYPE", SMALLINT,
          "DATA_TYPE", INTEGER,
          "TYPE_NAME", VARCHAR,
          "PRECISION", INTEGER,
          "LENGTH", INTEGER,
          "SCALE", SMALLINT,
          "RADIX", SMALLINT,
          "NULLABLE", SMALLINT,
          "REMARKS", VARCHAR,
          "COLUMN_DEF", VARCHAR,
          "SQL_DATA_TYPE", INTEGER,
          "SQL_DATETIME_SUB", INTEGER,
          "CHAR_OCTET_LENGTH", INTEGER,
          "ORDINAL_POSITION", INTEGER,
          "IS_NULLABLE", VARCHAR,
          "SPECIFIC_NAME", VARCHAR);
  static final List<ColumnInfo> FUNCTIONS =
      shape(
          "FUNCTION_CAT", VARCHAR,
          "FUNCTION_SCHEM", VARCHAR,
          "FUNCTION_NAME", VARCHAR,
          "REMARKS", VARCHAR,
          "FUNCTION_TYPE", SMALLINT,
          "SPECIFIC_NAME", VARCHAR);
  static final List<ColumnInfo> FUNCTION_COLUMNS =
      shape(
          "FUNCTION_CAT", VARCHAR,
          "FUNCTION_SCHEM", VARCHAR,
          "FUNCTION_NAME", VARCHAR,
          "COLUMN_NAME", VARCHAR,
          "COLUMN_TYPE", SMALLINT,
          "DATA_TYPE", INTEGER,
          "TYPE_NAME", VARCHAR,
          "PRECISION", INTEGER,
          "LENGTH", INTEGER,
          "SCALE", SMALLINT,
          "RADIX", SMALLINT,
          "NULLABLE", SMALLINT,
          "REMARKS", VARCHAR,
          "CHAR_OCTET_LENGTH", INTEGER,
          "ORDINAL_POSITION", INTEGER,
          "IS_NULLABLE", VARCHAR,
          "SPECIFIC_NAME", VARCHAR);
  static final List<ColumnInfo> USER_TYPES =
      shape(
          "TYPE_CAT", VARCHAR,
          "TYPE_SCHEM", VARCHAR,
          "TYPE_NAME", VARCHAR,
          "CLASS_NAME", VARCHAR,
          "DATA_TYPE", INTEGER,
          "REMARKS", VARCHAR,
          "BASE_TYPE", SMALLINT);
  static final List<ColumnInfo> SUPER_TYPES =
      shape(
          "TYPE_CAT", VARCHAR,
          "TYPE_SCHEM", VARCHAR,
          "TYPE_NAME", VARCHAR,
          "SUPERTYPE_CAT", VARCHAR,
          "SUPERTYPE_SCHEM", VARCHAR,
          "SUPERTYPE_NAME", VARCHAR);
  static final List<ColumnInfo> SUPER_TABLES =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "SUPERTABLE_NAME", VARCHAR);
  static final List<ColumnInfo> ATTRIBUTES =
      shape(
          "TYPE_CAT", VARCHAR,
          "TYPE_SCHEM", VARCHAR,
          "TYPE_NAME", VARCHAR,
          "ATTR_NAME", VARCHAR,
          "DATA_TYPE", INTEGER,
          "ATTR_TYPE_NAME", VARCHAR,
          "ATTR_SIZE", INTEGER,
          "DECIMAL_DIGITS", INTEGER,
          "NUM_PREC_RADIX", INTEGER,
          "NULLABLE", INTEGER,
          "REMARKS", VARCHAR,
          "ATTR_DEF", VARCHAR,
          "SQL_DATA_TYPE", INTEGER,
          "SQL_DATETIME_SUB", INTEGER,
          "CHAR_OCTET_LENGTH", INTEGER,
          "ORDINAL_POSITION", INTEGER,
          "IS_NULLABLE", VARCHAR,
          "SCOPE_CATALOG", VARCHAR,
          "SCOPE_SCHEMA", VARCHAR,
          "SCOPE_TABLE", VARCHAR,
          "SOURCE_DATA_TYPE", SMALLINT);
  static final List<ColumnInfo> PSEUDO_COLUMNS =
      shape(
          "TABLE_CAT", VARCHAR,
          "TABLE_SCHEM", VARCHAR,
          "TABLE_NAME", VARCHAR,
          "COLUMN_NAME", VARCHAR,
          "DATA_TYPE", INTEGER,
          "COLUMN_SIZE", INTEGER,
          "DECIMAL_DIGITS", INTEGER,
          "NUM_PREC_RADIX", INTEGER,
          "COLUMN_USAGE", VARCHAR,
          "REMARKS", VARCHAR,
          "CHAR_OCTET_LENGTH", INTEGER,
          "IS_NULLABLE", VARCHAR);
  static final List<ColumnInfo> CLIENT_INFO =
      shape(
          "NAME", VARCHAR,
          "MAX_LEN", INTEGER,
          "DEFAULT_VALUE", VARCHAR,
          "DESCRIPTION", VARCHAR);

  private MetadataShape() {}

  private static List<ColumnInfo> shape(Object... namesAndTypes) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(ColumnInfo.of((String) namesAndTypes[i], (SqlType) namesAndTypes[i + 1]));
    }
    return List.copyOf(columns);
  }
}

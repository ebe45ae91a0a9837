package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.SqlType;
import java.util.HashMap;
import java.util.Map;

/** PostgreSQL's numbers of types as types of a session. */
final class WireTypes {
  private static final int NUMERIC_HEADER = 4;
  private static final int VARCHAR = 1043;

  private static final Map<Integer, SqlType> TYPES = new HashMap<>();
  private static final Map<Integer, SqlType> ELEMENTS = new HashMap<>();
  private static final Map<SqlType, Integer> OIDS = new HashMap<>();

  static {
    add(SqlType.BOOLEAN, 16, 1000);
    add(SqlType.SMALLINT, 21, 1005);
    add(SqlType.INTEGER, 23, 1007);
    add(SqlType.BIGINT, 20, 1016);
    add(SqlType.DECIMAL, 1700, 1231);
    add(SqlType.REAL, 700, 1021);
    add(SqlType.DOUBLE, 701, 1022);
    add(SqlType.VARCHAR, VARCHAR, 1015);
    add(SqlType.VARCHAR, 25, 1009);
    add(SqlType.BYTEA, 17, 1001);
    add(SqlType.DATE, 1082, 1182);
    add(SqlType.TIME, 1083, 1183);
    add(SqlType.TIMESTAMP, 1114, 1115);
    add(SqlType.TIMESTAMPTZ, 1184, 1185);
    add(SqlType.INTERVAL, 1186, 1187);
    add(SqlType.UUID, 2950, 2951);
    add(SqlType.JSON, 3802, 3807);
  }

  private WireTypes() {}

  private static void add(SqlType type, int oid, int arrayOid) {
    TYPES.put(oid, type);
    TYPES.put(arrayOid, SqlType.ARRAY);
    ELEMENTS.put(arrayOid, type);
    OIDS.put(type, oid);
  }

  /** Text if the number is not known: every value has a text form. */
  static SqlType type(int oid) {
    return TYPES.getOrDefault(oid, SqlType.VARCHAR);
  }

  /** Whether values of it come in binary form. */
  static boolean isKnown(int oid) {
    return TYPES.containsKey(oid);
  }

  static SqlType element(int arrayOid) {
    return ELEMENTS.getOrDefault(arrayOid, SqlType.UNKNOWN);
  }

  static int oid(SqlType type) {
    return OIDS.getOrDefault(type, 0);
  }

  static ColumnInfo column(String label, int oid, int modifier) {
    SqlType type = type(oid);
    SqlType sized = type == SqlType.ARRAY ? element(oid) : type;
    return ColumnInfo.of(label, type)
        .withElementType(element(oid))
        .withPrecision(precision(sized, modifier), scale(sized, modifier));
  }

  static ParameterInfo parameter(int oid) {
    return new ParameterInfo(type(oid), 0, 0);
  }

  private static int precision(SqlType type, int modifier) {
    if (modifier < NUMERIC_HEADER) {
      return 0;
    }
    int value = modifier - NUMERIC_HEADER;
    return type == SqlType.DECIMAL ? value >> 16 : type == SqlType.VARCHAR ? value : 0;
  }

  private static int scale(SqlType type, int modifier) {
    return type == SqlType.DECIMAL && modifier >= NUMERIC_HEADER
        ? (short) (modifier - NUMERIC_HEADER)
        : 0;
  }
}

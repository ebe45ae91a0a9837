package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlType;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of {@link DatabaseMetaData#getTypeInfo}: the types a column can have. */
final class TypeRows {
  private TypeRows() {}

  static List<@Nullable Object[]> all() {
    List<SqlType> types = new ArrayList<>(List.of(SqlType.values()));
    types.remove(SqlType.UNKNOWN);
    types.sort(Comparator.comparingInt(SqlType::jdbcType));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SqlType type : types) {
      rows.add(row(type));
    }
    return rows;
  }

  private static @Nullable Object[] row(SqlType type) {
    boolean quoted = !type.isNumeric() && type != SqlType.BOOLEAN;
    boolean decimal = type == SqlType.DECIMAL;
    return new @Nullable Object[] {
      type.sqlName(),
      type.jdbcType(),
      type.defaultPrecision() == 0 ? Integer.MAX_VALUE : type.defaultPrecision(),
      quoted ? "'" : null,
      quoted ? "'" : null,
      decimal ? "precision,scale" : type.isText() ? "length" : null,
      (short) DatabaseMetaData.typeNullable,
      type.isText(),
      (short) (type.isText() ? DatabaseMetaData.typeSearchable : DatabaseMetaData.typePredBasic),
      !type.isNumeric(),
      false,
      false,
      type.sqlName(),
      (short) 0,
      (short) (decimal ? type.defaultPrecision() : 0),
      null,
      null,
      type.isFloat() ? 2 : 10
    };
  }
}

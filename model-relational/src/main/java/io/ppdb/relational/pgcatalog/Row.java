package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a relation of {@code pg_catalog} to fill: what is not set is NULL, or zero, false or
 * empty where NULL may not be.
 */
final class Row {
  private final SystemRelation relation;
  private final @Nullable Object[] values;

  Row(SystemRelation relation) {
    this.relation = relation;
    this.values = new Object[relation.types().size()];
    for (int i = 0; i < values.length; i++) {
      if (relation.notNull().get(i)) {
        values[i] = empty(relation.table().column(i).type());
      }
    }
  }

  private static @Nullable Object empty(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> false;
      case SMALLINT, INTEGER -> 0;
      case BIGINT -> 0L;
      case REAL -> 0f;
      case DOUBLE -> 0d;
      case VARCHAR -> "";
      case ARRAY -> List.of();
      default -> null;
    };
  }

  /** Sets a column, whose type {@code value} is of; a smaller number fits a larger type. */
  Row set(String column, @Nullable Object value) {
    Integer ordinal = relation.ordinals().get(column);
    if (ordinal == null) {
      throw new IllegalArgumentException(relation.name() + " has no column " + column);
    }
    boolean isBigint = relation.table().column(ordinal).type().equals(ColumnType.BIGINT);
    values[ordinal] = isBigint && value instanceof Integer number ? number.longValue() : value;
    return this;
  }

  @Nullable Object[] values() {
    return values;
  }
}

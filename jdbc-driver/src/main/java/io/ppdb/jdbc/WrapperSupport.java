package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlErrors;
import java.sql.SQLException;
import java.sql.Wrapper;

/** {@link Wrapper} for classes that wrap nothing but themselves. */
abstract class WrapperSupport implements Wrapper {
  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw SqlErrors.invalidArgument(getClass().getName() + " is not a " + type.getName());
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}

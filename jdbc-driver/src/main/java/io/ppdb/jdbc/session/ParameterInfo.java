package io.ppdb.jdbc.session;

/** What is known about a parameter before it has a value. Immutable. */
public final class ParameterInfo {
  private final SqlType type;
  private final int precision;
  private final int scale;

  /**
   * A parameter.
   *
   * @param type the inferred type; {@link SqlType#UNKNOWN} if the statement does not tell
   * @param precision digits or characters, 0 if unlimited or not applicable
   * @param scale digits after the point
   */
  public ParameterInfo(SqlType type, int precision, int scale) {
    this.type = type;
    this.precision = precision;
    this.scale = scale;
  }

  public SqlType type() {
    return type;
  }

  public int precision() {
    return precision;
  }

  public int scale() {
    return scale;
  }
}

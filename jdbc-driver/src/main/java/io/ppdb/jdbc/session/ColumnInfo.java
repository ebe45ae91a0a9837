package io.ppdb.jdbc.session;

/** What is known about a column of a result. Immutable; built by {@link #of} and the withers. */
public final class ColumnInfo {
  /** Whether a column can hold NULL. */
  public enum Nullability {
    NOT_NULL,
    NULLABLE,
    UNKNOWN
  }

  private final String label;
  private final SqlType type;
  private final int precision;
  private final int scale;
  private final Nullability nullability;
  private final String name;
  private final String schema;
  private final String table;
  private final boolean autoIncrement;
  private final SqlType elementType;

  private ColumnInfo(
      String label,
      SqlType type,
      int precision,
      int scale,
      Nullability nullability,
      String name,
      String schema,
      String table,
      boolean autoIncrement,
      SqlType elementType) {
    this.label = label;
    this.type = type;
    this.precision = precision;
    this.scale = scale;
    this.nullability = nullability;
    this.name = name;
    this.schema = schema;
    this.table = table;
    this.autoIncrement = autoIncrement;
    this.elementType = elementType;
  }

  /** A computed column: its name is its label, it belongs to no table. */
  public static ColumnInfo of(String label, SqlType type) {
    return new ColumnInfo(
        label,
        type,
        0,
        0,
        Nullability.UNKNOWN,
        label,
        "",
        "",
        /* autoIncrement= */ false,
        SqlType.UNKNOWN);
  }

  /** Digits or characters (0 if unlimited or not applicable), and digits after the point. */
  public ColumnInfo withPrecision(int newPrecision, int newScale) {
    return new ColumnInfo(
        label,
        type,
        newPrecision,
        newScale,
        nullability,
        name,
        schema,
        table,
        autoIncrement,
        elementType);
  }

  public ColumnInfo withNullability(Nullability newNullability) {
    return new ColumnInfo(
        label,
        type,
        precision,
        scale,
        newNullability,
        name,
        schema,
        table,
        autoIncrement,
        elementType);
  }

  /** The table column whose values this column shows unchanged. */
  public ColumnInfo withOrigin(String newSchema, String newTable, String newName) {
    return new ColumnInfo(
        label,
        type,
        precision,
        scale,
        nullability,
        newName,
        newSchema,
        newTable,
        autoIncrement,
        elementType);
  }

  public ColumnInfo withAutoIncrement(boolean newAutoIncrement) {
    return new ColumnInfo(
        label,
        type,
        precision,
        scale,
        nullability,
        name,
        schema,
        table,
        newAutoIncrement,
        elementType);
  }

  /** The type of the elements of a column of arrays. */
  public ColumnInfo withElementType(SqlType newElementType) {
    return new ColumnInfo(
        label,
        type,
        precision,
        scale,
        nullability,
        name,
        schema,
        table,
        autoIncrement,
        newElementType);
  }

  /** The name the query gives it. */
  public String label() {
    return label;
  }

  public SqlType type() {
    return type;
  }

  /** Digits or characters; 0 if unlimited or not applicable. */
  public int precision() {
    return precision;
  }

  public int scale() {
    return scale;
  }

  public Nullability nullability() {
    return nullability;
  }

  /** Name of the table column behind it; the label if there is none. */
  public String name() {
    return name;
  }

  /** Schema of the table behind it; empty if there is none. */
  public String schema() {
    return schema;
  }

  /** The table behind it; empty if there is none. */
  public String table() {
    return table;
  }

  public boolean isAutoIncrement() {
    return autoIncrement;
  }

  /** The type of an array's elements; UNKNOWN if this is no column of arrays. */
  public SqlType elementType() {
    return elementType;
  }
}

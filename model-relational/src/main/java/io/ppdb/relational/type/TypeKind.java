package io.ppdb.relational.type;

/** The SQL types, without their parameters. */
public enum TypeKind {
  BOOLEAN("boolean", PhysicalType.BOOLEAN),
  SMALLINT("smallint", PhysicalType.INT),
  INTEGER("integer", PhysicalType.INT),
  BIGINT("bigint", PhysicalType.LONG),
  DECIMAL("numeric", PhysicalType.DECIMAL),
  REAL("real", PhysicalType.DOUBLE),
  DOUBLE("double precision", PhysicalType.DOUBLE),
  VARCHAR("character varying", PhysicalType.BYTES),
  BYTEA("bytea", PhysicalType.BYTES),
  DATE("date", PhysicalType.INT),
  TIME("time without time zone", PhysicalType.LONG),
  TIMESTAMP("timestamp without time zone", PhysicalType.LONG),
  TIMESTAMPTZ("timestamp with time zone", PhysicalType.LONG),
  INTERVAL("interval", PhysicalType.INTERVAL),
  UUID("uuid", PhysicalType.BYTES),
  JSON("jsonb", PhysicalType.ENCODED),
  /** Values of another type, some of which may be NULL, in an order. */
  ARRAY("ARRAY", PhysicalType.ENCODED);

  private final String sqlName;
  private final PhysicalType physical;

  TypeKind(String sqlName, PhysicalType physical) {
    this.sqlName = sqlName;
    this.physical = physical;
  }

  /** The name that PostgreSQL's information schema uses. */
  public String sqlName() {
    return sqlName;
  }

  public PhysicalType physical() {
    return physical;
  }

  /** Whether values are whole numbers: smallint, integer, bigint. */
  public boolean isInteger() {
    return this == SMALLINT || this == INTEGER || this == BIGINT;
  }

  /** Whether values are binary floating point: real, double precision. */
  public boolean isFloat() {
    return this == REAL || this == DOUBLE;
  }

  public boolean isNumeric() {
    return isInteger() || isFloat() || this == DECIMAL;
  }
}

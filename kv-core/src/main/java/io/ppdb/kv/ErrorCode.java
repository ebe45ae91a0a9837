package io.ppdb.kv;

/**
 * The closed, append-only list of what can go wrong in PPDB.
 *
 * <p>Each protocol maps a code once: SQLSTATE for SQL, an error prefix for Redis, a status for
 * HTTP. Numbers are never reused.
 */
public enum ErrorCode {
  // Engine
  CONFLICT(1, "40001", Kind.CONFLICT, true),
  SNAPSHOT_TOO_OLD(2, "72000", Kind.CONFLICT, true),
  UNAVAILABLE(3, "57P03", Kind.RESOURCE, true),
  COMMIT_UNKNOWN(4, "08007", Kind.RESOURCE, false),
  KEY_TOO_LARGE(5, "54000", Kind.USER, false),
  VALUE_TOO_LARGE(6, "54000", Kind.USER, false),
  TRANSACTION_TOO_LARGE(7, "54000", Kind.USER, false),
  READ_ONLY(8, "25006", Kind.USER, false),
  CORRUPTION(9, "XX001", Kind.CORRUPTION, false),
  CLOSED(10, "08003", Kind.USER, false),
  NOT_SUPPORTED(11, "0A000", Kind.USER, false),
  INVALID_ARGUMENT(12, "22023", Kind.USER, false),
  INVALID_STATE(13, "55000", Kind.USER, false),
  LOCKED(14, "55006", Kind.RESOURCE, false),
  FORMAT_NOT_SUPPORTED(15, "XX000", Kind.USER, false),
  IO_ERROR(16, "58030", Kind.RESOURCE, false),
  INTERNAL(17, "XX000", Kind.INTERNAL, false),
  DISK_FULL(18, "53100", Kind.RESOURCE, true),
  MEMORY_LIMIT(19, "53200", Kind.RESOURCE, false),

  // Statements
  SYNTAX_ERROR(100, "42601", Kind.USER, false),
  UNDEFINED_TABLE(101, "42P01", Kind.USER, false),
  UNDEFINED_COLUMN(102, "42703", Kind.USER, false),
  UNDEFINED_FUNCTION(103, "42883", Kind.USER, false),
  UNDEFINED_OBJECT(104, "42704", Kind.USER, false),
  UNDEFINED_PARAMETER(105, "42P02", Kind.USER, false),
  AMBIGUOUS_COLUMN(106, "42702", Kind.USER, false),
  DUPLICATE_TABLE(107, "42P07", Kind.USER, false),
  DUPLICATE_COLUMN(108, "42701", Kind.USER, false),
  DUPLICATE_OBJECT(109, "42710", Kind.USER, false),
  DATATYPE_MISMATCH(110, "42804", Kind.USER, false),
  GROUPING_ERROR(111, "42803", Kind.USER, false),
  INVALID_DEFINITION(112, "42P16", Kind.USER, false),
  DEPENDENT_OBJECTS(113, "2BP01", Kind.USER, false),
  STATEMENT_TOO_COMPLEX(114, "54001", Kind.USER, false),
  WRONG_OBJECT_TYPE(120, "42809", Kind.USER, false),
  INVALID_FOREIGN_KEY(121, "42830", Kind.USER, false),
  UNDEFINED_SCHEMA(122, "3F000", Kind.USER, false),
  DUPLICATE_SCHEMA(123, "42P06", Kind.USER, false),
  GENERATED_ALWAYS(124, "428C9", Kind.USER, false),
  INSUFFICIENT_PRIVILEGE(125, "42501", Kind.USER, false),
  SEQUENCE_LIMIT(126, "2200H", Kind.USER, false),
  INVALID_GRANT(127, "0LP01", Kind.USER, false),
  RESERVED_NAME(128, "42939", Kind.USER, false),

  // Data
  UNIQUE_VIOLATION(200, "23505", Kind.USER, false),
  NOT_NULL_VIOLATION(201, "23502", Kind.USER, false),
  FOREIGN_KEY_VIOLATION(202, "23503", Kind.USER, false),
  CHECK_VIOLATION(203, "23514", Kind.USER, false),
  NUMERIC_OUT_OF_RANGE(204, "22003", Kind.USER, false),
  DIVISION_BY_ZERO(205, "22012", Kind.USER, false),
  INVALID_TEXT_REPRESENTATION(206, "22P02", Kind.USER, false),
  STRING_TOO_LONG(207, "22001", Kind.USER, false),
  DATETIME_OVERFLOW(208, "22008", Kind.USER, false),
  CARDINALITY_VIOLATION(209, "21000", Kind.USER, false),

  // Transactions and sessions
  TRANSACTION_ABORTED(300, "25P02", Kind.USER, false),
  NO_ACTIVE_TRANSACTION(301, "25P01", Kind.USER, false),
  ACTIVE_TRANSACTION(302, "25001", Kind.USER, false),
  INVALID_SAVEPOINT(303, "3B001", Kind.USER, false),
  CANCELLED(304, "57014", Kind.USER, false),
  LOCK_NOT_AVAILABLE(305, "55P03", Kind.USER, false),
  DEADLOCK_DETECTED(306, "40P01", Kind.CONFLICT, true),
  INVALID_AUTHORIZATION(307, "28000", Kind.USER, false),
  UNDEFINED_STATEMENT(308, "26000", Kind.USER, false),
  UNDEFINED_CURSOR(309, "34000", Kind.USER, false);

  /** Whose doing an error is. */
  public enum Kind {
    /** The caller's: another input would do. */
    USER,
    /** Another transaction's: the same input may do when tried again. */
    CONFLICT,
    /** The machine's: disk, memory, a peer that does not answer. */
    RESOURCE,
    /** Stored bytes are not what was written. */
    CORRUPTION,
    /** PPDB's own: a defect. */
    INTERNAL
  }

  private final int number;
  private final String sqlState;
  private final Kind kind;
  private final boolean retryable;

  ErrorCode(int number, String sqlState, Kind kind, boolean retryable) {
    this.number = number;
    this.sqlState = sqlState;
    this.kind = kind;
    this.retryable = retryable;
  }

  /** The stable number of this code, as wire formats and logs carry it. */
  public int number() {
    return number;
  }

  /** The five-character SQLSTATE of this code. */
  public String sqlState() {
    return sqlState;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether running the whole transaction again may succeed without any change by the caller. */
  public boolean isRetryable() {
    return retryable;
  }
}

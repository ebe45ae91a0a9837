package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions depend on beside their input rows: parameters, the statement's clock and time
 * zone, and the rows of correlation variables.
 *
 * <p>Belongs to one execution of one statement and to its thread.
 */
public final class EvaluationContext {
  private final @Nullable Object[] parameters;
  private final Instant statementInstant;
  private final ZoneId timeZone;
  private final @Nullable SequenceValues sequences;
  private final @Nullable SessionInfo session;
  private final Runnable cancelCheck;
  private final Map<String, CorrelatedRow> correlations = new HashMap<>();

  /**
   * A context.
   *
   * @param sequences what nextval means; null where nobody may call it
   * @param session whose statement it is; null where there is no session
   * @param cancelCheck throws CANCELLED if the statement is to stop
   */
  public EvaluationContext(
      @Nullable Object[] parameters,
      Instant statementInstant,
      ZoneId timeZone,
      @Nullable SequenceValues sequences,
      @Nullable SessionInfo session,
      Runnable cancelCheck) {
    this.parameters = parameters.clone();
    this.statementInstant = statementInstant;
    this.timeZone = timeZone;
    this.sequences = sequences;
    this.session = session;
    this.cancelCheck = cancelCheck;
  }

  /** The same with other parameters. */
  public EvaluationContext withParameters(@Nullable Object[] other) {
    return new EvaluationContext(
        other, statementInstant, timeZone, sequences, session, cancelCheck);
  }

  /** Throws CANCELLED if the statement is to stop; asked within a batch by what may be slow. */
  public void checkCancelled() {
    cancelCheck.run();
  }

  /** What nextval and its like do; INVALID_STATE where no session is. */
  public SequenceValues sequences() {
    if (sequences == null) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE, "sequences can only be used in the statements of a session");
    }
    return sequences;
  }

  /** The session whose statement it is; INVALID_STATE where there is none. */
  public SessionInfo session() {
    if (session == null) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE, "this function can only be used in the statements of a session");
    }
    return session;
  }

  /** The id of the role whose rights the statement has: without a session, the first one's. */
  public long role() {
    return session == null ? Role.BOOTSTRAP : session.currentRole();
  }

  /** A context without parameters at {@code statementInstant}, for constants. */
  public static EvaluationContext at(Instant statementInstant, ZoneId timeZone) {
    return new EvaluationContext(new Object[0], statementInstant, timeZone, null, null, () -> {});
  }

  /** Value of parameter {@code index}, from 0, of the class that {@link Values} names. */
  public @Nullable Object parameter(int index) {
    if (index >= parameters.length) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_PARAMETER,
          "parameter $" + (index + 1) + " has no value; " + parameters.length + " were given");
    }
    return parameters[index];
  }

  /** What CURRENT_TIMESTAMP means in this statement. */
  public Instant statementInstant() {
    return statementInstant;
  }

  /** The zone in which timestamptz is read and written as text, and its fields are taken. */
  public ZoneId timeZone() {
    return timeZone;
  }

  /** The row that correlation variable {@code name} stands for; one holder for each name. */
  public CorrelatedRow correlation(String name) {
    return correlations.computeIfAbsent(name, key -> new CorrelatedRow());
  }

  /** The current row of a correlate's left side, read by expressions of its right side. */
  public static final class CorrelatedRow {
    private @Nullable VectorBatch batch;
    private int position;

    /** Lets the variable stand for the row at {@code newPosition} of {@code newBatch}. */
    public void set(VectorBatch newBatch, int newPosition) {
      batch = newBatch;
      position = newPosition;
    }

    public VectorBatch batch() {
      if (batch == null) {
        throw new PpdbException(
            ErrorCode.INTERNAL, "a correlation variable is read before its row");
      }
      return batch;
    }

    public int position() {
      return position;
    }
  }
}

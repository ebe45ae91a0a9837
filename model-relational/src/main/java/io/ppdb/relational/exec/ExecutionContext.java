package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.SequenceValues;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.lock.LockOwner;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one execution of one statement runs with: view of the data, parameters, clock, limits.
 *
 * <p>Belongs to the thread that runs the statement; others stop it by its {@link Cancellation}.
 */
public final class ExecutionContext {
  /** Memory that a statement may hold if nobody says otherwise. */
  public static final long DEFAULT_MEMORY_BYTES =
      Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 2);

  /** Memory that an operator may hold before it goes to temporary files. */
  public static final long DEFAULT_WORK_BYTES =
      Math.min(64L << 20, Math.max(1, Runtime.getRuntime().maxMemory() >> 25) << 20);

  /** What the statement runs in. */
  private final @Nullable ReadView view;

  /** What operators read through: {@link #view}, counted if the execution is measured. */
  private final @Nullable ReadView reads;

  private final @Nullable PlanMeasurement measurement;
  private final EvaluationContext evaluation;
  private final MemoryBudget memory;
  private final @Nullable TemporaryFiles temporaryFiles;
  private final long workBytes;
  private final int batchRows;
  private final Cancellation cancellation;
  private final @Nullable LockOwner locks;
  private final @Nullable RowBuffer givenRows;
  private final Map<String, WorkingTable> workingTables;
  private final StatementEnd end;

  private ExecutionContext(Builder builder) {
    this.view = builder.view;
    this.reads = builder.view;
    this.measurement = builder.measurement;
    this.evaluation =
        new EvaluationContext(
            builder.parameters,
            builder.statementInstant,
            builder.timeZone,
            builder.sequences,
            builder.session,
            builder.cancellation::check);
    this.memory = new MemoryBudget(builder.memoryBytes);
    this.temporaryFiles = builder.temporaryFiles;
    this.workBytes = builder.workBytes;
    this.batchRows = builder.batchRows;
    this.cancellation = builder.cancellation;
    this.locks = builder.locks;
    this.givenRows = null;
    this.workingTables = new HashMap<>();
    this.end = new StatementEnd();
  }

  private ExecutionContext(
      ExecutionContext other, EvaluationContext evaluation, @Nullable RowBuffer givenRows) {
    this.view = other.view;
    this.reads = other.view;
    this.measurement = other.measurement;
    this.evaluation = evaluation;
    this.memory = other.memory;
    this.temporaryFiles = other.temporaryFiles;
    this.workBytes = other.workBytes;
    this.batchRows = other.batchRows;
    this.cancellation = other.cancellation;
    this.locks = other.locks;
    this.givenRows = givenRows;
    this.workingTables = new HashMap<>();
    this.end = other.end;
  }

  private ExecutionContext(ExecutionContext other, NodeMeasurement counts) {
    ReadView given = other.view;
    this.view = given;
    this.reads = given == null ? null : new CountingView(given, counts);
    this.measurement = other.measurement;
    this.evaluation = other.evaluation;
    this.memory = other.memory;
    TemporaryFiles files = other.temporaryFiles;
    this.temporaryFiles = files == null ? null : files.noting(counts::addSpill);
    this.workBytes = other.workBytes;
    this.batchRows = other.batchRows;
    this.cancellation = other.cancellation;
    this.locks = other.locks;
    this.givenRows = other.givenRows;
    this.workingTables = other.workingTables;
    this.end = other.end;
  }

  /** The same, what is read and spilled by it being counted. */
  ExecutionContext measuredBy(NodeMeasurement counts) {
    return new ExecutionContext(this, counts);
  }

  /** Where the operators of this execution are counted; null if nobody asks. */
  public @Nullable PlanMeasurement measurement() {
    return measurement;
  }

  /** The same for a part of the statement that reads {@code rows}. */
  public ExecutionContext withGivenRows(RowBuffer rows) {
    return new ExecutionContext(this, evaluation, rows);
  }

  /** The same for a statement that is part of this one and has other parameters. */
  public ExecutionContext withParameters(@Nullable Object[] parameters) {
    return new ExecutionContext(this, evaluation.withParameters(parameters), null);
  }

  /** What the statement still has to do when its rows are written. */
  public StatementEnd end() {
    return end;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** What the statement sees: a snapshot, a transaction, or one that counts what is read. */
  public ReadView view() {
    if (reads == null) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE, "this statement runs without a view of data");
    }
    return reads;
  }

  /** The transaction that the statement writes in; INVALID_STATE if it only has a snapshot. */
  public Transaction transaction() {
    if (view instanceof Transaction transaction) {
      return transaction;
    }
    throw new PpdbException(ErrorCode.INVALID_STATE, "this statement runs outside a transaction");
  }

  /** Who locks rows for the statement; null where there is no session. */
  public @Nullable LockOwner locks() {
    return locks;
  }

  /** The rows that the statement has in hand. */
  public RowBuffer givenRows() {
    if (givenRows == null) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "this statement has no rows in hand");
    }
    return givenRows;
  }

  /** The rows that a recursion found last, by its name. */
  WorkingTable workingTable(String name) {
    return workingTables.computeIfAbsent(name, key -> new WorkingTable());
  }

  /** What expressions see of this context. */
  public EvaluationContext evaluation() {
    return evaluation;
  }

  public MemoryBudget memory() {
    return memory;
  }

  /**
   * Where an operator that would hold {@code bytes} is to put rows; null if it keeps them in memory
   * all the same.
   */
  @Nullable TemporaryFiles filesFor(long bytes) {
    return bytes > workBytes ? temporaryFiles : null;
  }

  /** Rows to put into a batch. */
  public int batchRows() {
    return batchRows;
  }

  /** Throws CANCELLED if somebody asked the statement to stop; called at least once a batch. */
  public void checkCancelled() {
    cancellation.check();
  }

  /** Collects what a context is made of; everything has a default but the view. */
  public static final class Builder {
    private @Nullable ReadView view;
    private @Nullable PlanMeasurement measurement;
    private @Nullable Object[] parameters = {};
    private Instant statementInstant = Instant.EPOCH;
    private ZoneId timeZone = ZoneId.of("UTC");
    private @Nullable SequenceValues sequences;
    private @Nullable SessionInfo session;
    private long memoryBytes = DEFAULT_MEMORY_BYTES;
    private @Nullable TemporaryFiles temporaryFiles;
    private long workBytes = DEFAULT_WORK_BYTES;
    private int batchRows = VectorBatch.DEFAULT_ROWS;
    private Cancellation cancellation = new Cancellation();
    private @Nullable LockOwner locks;

    private Builder() {}

    public Builder view(ReadView newView) {
      view = newView;
      return this;
    }

    /** Lets operators be counted. */
    public Builder measurement(@Nullable PlanMeasurement newMeasurement) {
      measurement = newMeasurement;
      return this;
    }

    public Builder parameters(@Nullable Object... values) {
      parameters = values.clone();
      return this;
    }

    public Builder statementInstant(Instant instant) {
      statementInstant = instant;
      return this;
    }

    public Builder timeZone(ZoneId zone) {
      timeZone = zone;
      return this;
    }

    public Builder sequences(SequenceValues values) {
      sequences = values;
      return this;
    }

    public Builder session(SessionInfo info) {
      session = info;
      return this;
    }

    public Builder memoryBytes(long bytes) {
      memoryBytes = bytes;
      return this;
    }

    /** Lets operators that hold more than {@code bytes} put rows into {@code files}. */
    public Builder temporaryFiles(TemporaryFiles files, long bytes) {
      temporaryFiles = files;
      workBytes = bytes;
      return this;
    }

    public Builder batchRows(int rows) {
      if (rows < 1 || rows > VectorBatch.MAX_ROWS) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "batch rows must be between 1 and " + VectorBatch.MAX_ROWS + ", seen " + rows);
      }
      batchRows = rows;
      return this;
    }

    public Builder cancellation(Cancellation newCancellation) {
      cancellation = newCancellation;
      return this;
    }

    public Builder locks(LockOwner owner) {
      locks = owner;
      return this;
    }

    public ExecutionContext build() {
      return new ExecutionContext(this);
    }
  }
}

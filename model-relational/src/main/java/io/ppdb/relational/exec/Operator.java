package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a running plan: rows are pulled out of it in batches.
 *
 * <p>An operator serves one execution: {@link #open} once, {@link #next} until it returns null,
 * {@link #close} in any case, also after an error, also twice. Opening and closing cover its
 * inputs. A batch is valid until the next call to the operator that returned it; the caller may
 * replace its selection but not its values. Not thread-safe.
 */
public abstract class Operator implements AutoCloseable {
  private final List<ColumnType> types;
  private @Nullable ExecutionContext context;

  protected Operator(List<ColumnType> types) {
    this.types = List.copyOf(types);
  }

  /** The types of the columns of every batch. */
  public final List<ColumnType> types() {
    return types;
  }

  /**
   * Says, before it is opened, that its reader may stop after {@code rowCount} rows, so that it
   * need not read ahead; it must be able to go on all the same. Passed on to inputs of which so
   * many rows are enough.
   */
  public void expectRows(long rowCount) {}

  /** Makes the operator ready to be read, with its inputs. */
  public final void open(ExecutionContext newContext) {
    context = newContext;
    openOperator(newContext);
  }

  /** The next batch with at least one live row, or null at the end. */
  public final @Nullable VectorBatch next() {
    ExecutionContext running = context();
    while (true) {
      running.checkCancelled();
      VectorBatch batch = nextBatch();
      if (batch == null || batch.size() > 0) {
        return batch;
      }
    }
  }

  /** Releases what the operator and its inputs hold. */
  @Override
  public abstract void close();

  /** Prepares this operator's state and opens its inputs. */
  protected abstract void openOperator(ExecutionContext newContext);

  /** The next batch, which may be empty, or null at the end. */
  protected abstract @Nullable VectorBatch nextBatch();

  protected final ExecutionContext context() {
    ExecutionContext running = context;
    if (running == null) {
      throw new IllegalStateException(getClass().getSimpleName() + " is read before it is opened");
    }
    return running;
  }
}

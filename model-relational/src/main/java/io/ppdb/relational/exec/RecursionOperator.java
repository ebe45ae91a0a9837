package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * WITH RECURSIVE: the rows of a first part, then those of a second part over the rows found last,
 * until it finds none. Without ALL a row that was found before is dropped.
 */
public final class RecursionOperator extends Operator {
  private final Operator first;
  private final Supplier<? extends Operator> secondFactory;
  private final String name;
  private final boolean all;
  private @Nullable Operator running;
  private @Nullable DistinctRows known;
  private @Nullable MemoryAccount memory;
  private RowBuffer found;

  /**
   * @param secondFactory makes the second part for one round
   * @param name what the second part calls the rows found last
   */
  public RecursionOperator(
      List<ColumnType> types,
      Operator first,
      Supplier<? extends Operator> secondFactory,
      String name,
      boolean all) {
    super(types);
    this.first = first;
    this.secondFactory = secondFactory;
    this.name = name;
    this.all = all;
    this.found = new RowBuffer(types);
  }

  /** The rows that the recursion {@code name} found last, as {@code types}. */
  public static Operator lastFound(
      List<ColumnType> storedTypes, List<ColumnType> types, String name) {
    int[] columns = IntStream.range(0, types.size()).toArray();
    return CastOperator.to(
        types,
        new ScanOperator(
            storedTypes,
            context -> new RowBufferSource(context.workingTable(name).rows(), columns)));
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    memory = new MemoryAccount(context.memory(), "recursion");
    found = new RowBuffer(types());
    known =
        all
            ? null
            : new DistinctRows(
                IntStream.range(0, types().size()).boxed().toList(), types(), context);
    Operator start = CastOperator.to(types(), first);
    running = start;
    start.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    Operator part = running;
    while (part != null) {
      VectorBatch batch = part.next();
      if (batch != null) {
        if (known != null) {
          known.keepFirst(batch);
        }
        found.append(batch);
        if (memory != null) {
          memory.resize(found.sizeInBytes() + context().workingTable(name).rows().sizeInBytes());
        }
        return batch;
      }
      part.close();
      part = nextRound();
    }
    return null;
  }

  private @Nullable Operator nextRound() {
    running = null;
    if (found.rowCount() == 0) {
      return null;
    }
    context().checkCancelled();
    context().workingTable(name).set(found);
    found = new RowBuffer(types());
    Operator next = CastOperator.to(types(), secondFactory.get());
    running = next;
    next.open(context());
    return next;
  }

  @Override
  public void close() {
    first.close();
    if (running != null) {
      running.close();
      running = null;
    }
    if (known != null) {
      known.close();
      known = null;
    }
    found = new RowBuffer(types());
    if (memory != null) {
      memory.release();
    }
  }
}

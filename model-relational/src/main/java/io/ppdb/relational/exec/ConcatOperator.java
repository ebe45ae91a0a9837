package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** UNION ALL: the rows of each input, one input after the other. */
public final class ConcatOperator extends Operator {
  private final List<Operator> inputs;
  private int current;

  /** Inputs whose columns have other types than {@code types} are cast. */
  public ConcatOperator(List<ColumnType> types, List<? extends Operator> inputs) {
    super(types);
    this.inputs = inputs.stream().map(input -> CastOperator.to(types, input)).toList();
  }

  @Override
  public void expectRows(long rowCount) {
    inputs.forEach(input -> input.expectRows(rowCount));
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    current = 0;
    for (Operator input : inputs) {
      input.open(context);
    }
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    while (current < inputs.size()) {
      VectorBatch batch = inputs.get(current).next();
      if (batch != null) {
        return batch;
      }
      inputs.get(current++).close();
    }
    return null;
  }

  @Override
  public void close() {
    inputs.forEach(Operator::close);
  }
}

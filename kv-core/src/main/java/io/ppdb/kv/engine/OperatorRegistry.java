package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.PpdbException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The merge operators a store was opened with, by persistent id. Immutable. */
public final class OperatorRegistry {
  private static final int MAX_ID = 32767;

  private final Map<Integer, MergeOperator> byId = new HashMap<>();

  public OperatorRegistry(List<MergeOperator> operators) {
    for (MergeOperator operator : operators) {
      if (operator.id() < 1 || operator.id() > MAX_ID) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "merge operator " + operator.name() + " has id " + operator.id() + ", not 1 to 32767");
      }
      MergeOperator other = byId.putIfAbsent(operator.id(), operator);
      if (other != null) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "merge operators "
                + other.name()
                + " and "
                + operator.name()
                + " share the id "
                + operator.id());
      }
    }
  }

  /** The operator of a stored entry; NOT_SUPPORTED if the store was opened without it. */
  public MergeOperator get(int id) {
    MergeOperator operator = byId.get(id);
    if (operator == null) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "merge operator " + id + " is used by the store but not among the options it was opened");
    }
    return operator;
  }

  /** Fails with INVALID_ARGUMENT unless {@code operator} is registered. */
  public void checkRegistered(MergeOperator operator) {
    @Nullable MergeOperator registered = byId.get(operator.id());
    if (registered == null || !registered.name().equals(operator.name())) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "merge operator "
              + operator.name()
              + " (id "
              + operator.id()
              + ") is not among the options the store was opened with");
    }
  }

  public boolean isRegistered(int id) {
    return byId.containsKey(id);
  }
}

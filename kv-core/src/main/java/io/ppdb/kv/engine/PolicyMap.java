package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The policy of every key: the whole key space cut into ranges.
 *
 * <p>Setting a range replaces what it overlaps. Reads take no lock.
 */
public final class PolicyMap {
  /** One range and its policy. */
  public record Assignment(KeyRange range, RangePolicy policy) {}

  /**
   * Range i is from start i up to start i + 1, the last one up to the end; start 0 is empty.
   *
   * @param hasDefaultExpiry whether any policy has one: else no write has to look for its own
   */
  record State(byte[][] starts, RangePolicy[] policies, boolean hasDefaultExpiry) {
    static State of(byte[][] starts, RangePolicy... policies) {
      boolean expires = Arrays.stream(policies).anyMatch(p -> !p.defaultExpiry().isZero());
      return new State(starts, policies, expires);
    }
  }

  private volatile State state = State.of(new byte[][] {{}}, RangePolicy.DEFAULT);

  public RangePolicy get(byte[] key) {
    State now = state;
    return now.policies[indexOf(now, key)];
  }

  /** How long after it is called a put of {@code key} expires that does not say when. */
  Duration defaultExpiry(byte[] key) {
    return state.hasDefaultExpiry ? get(key).defaultExpiry() : RangePolicy.NEVER;
  }

  /** Whether the policy of any range evicts. */
  public boolean evicts() {
    for (RangePolicy policy : state.policies) {
      if (policy.eviction() != RangePolicy.Eviction.NONE) {
        return true;
      }
    }
    return false;
  }

  /** Sets the policy of all keys of {@code range}. */
  public synchronized void set(KeyRange range, RangePolicy policy) {
    if (range.isEmpty()) {
      return;
    }
    State old = state;
    byte[] start = range.start().clone();
    byte[] end = range.end();
    List<byte[]> starts = new ArrayList<>();
    List<RangePolicy> policies = new ArrayList<>();
    for (int i = 0; i < old.starts.length; i++) {
      if (Arrays.compareUnsigned(old.starts[i], start) < 0) {
        add(starts, policies, old.starts[i], old.policies[i]);
      }
    }
    add(starts, policies, start, policy);
    if (end != null) {
      add(starts, policies, end.clone(), old.policies[indexOf(old, end)]);
      for (int i = 0; i < old.starts.length; i++) {
        if (Arrays.compareUnsigned(old.starts[i], end) > 0) {
          add(starts, policies, old.starts[i], old.policies[i]);
        }
      }
    }
    state = State.of(starts.toArray(byte[][]::new), policies.toArray(RangePolicy[]::new));
  }

  /** Adds a range, or lets the one before it reach further if that has the same policy. */
  private static void add(
      List<byte[]> starts, List<RangePolicy> policies, byte[] start, RangePolicy policy) {
    if (policies.isEmpty() || !policies.get(policies.size() - 1).equals(policy)) {
      starts.add(start);
      policies.add(policy);
    }
  }

  /** The range that {@code key} is in. */
  public Assignment assignmentOf(byte[] key) {
    State now = state;
    return assignment(now, indexOf(now, key));
  }

  private static Assignment assignment(State state, int index) {
    byte[] end = index + 1 < state.starts.length ? state.starts[index + 1] : null;
    return new Assignment(KeyRange.of(state.starts[index], end), state.policies[index]);
  }

  /** All ranges in order; what a manifest stores. Setting them again gives an equal map. */
  public List<Assignment> assignments() {
    State now = state;
    List<Assignment> all = new ArrayList<>();
    for (int i = 0; i < now.starts.length; i++) {
      all.add(assignment(now, i));
    }
    return all;
  }

  /** The ranges as they are now; not to be changed. */
  State state() {
    return state;
  }

  private static int indexOf(State state, byte[] key) {
    int at = Arrays.binarySearch(state.starts, key, Arrays::compareUnsigned);
    return at >= 0 ? at : -at - 2;
  }
}

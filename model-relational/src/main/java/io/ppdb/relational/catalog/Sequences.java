package io.ppdb.relational.catalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives out the values of sequences. Values are taken in blocks, each in a transaction of its own:
 * so sessions neither wait for nor conflict with each other, and what is given out stays so when
 * the transaction that asked rolls back. What is left of a block when the store closes is lost.
 * Thread-safe.
 */
public final class Sequences {
  /** Values of a block, if the sequence asks for no more. */
  private static final long BLOCK_VALUES = 32;

  private final KeyValueStore store;
  private final Map<State, Block> blocks = new ConcurrentHashMap<>();

  private record State(long id, long stateId) {}

  /** Guarded by itself. */
  private static final class Block {
    private long next;
    private long valueCount;
  }

  public Sequences(KeyValueStore store) {
    this.store = store;
  }

  /** The next value of {@code sequence}. */
  public long next(SequenceDefinition sequence) {
    Block block = block(sequence);
    synchronized (block) {
      if (block.valueCount == 0) {
        fill(block, sequence);
      }
      long value = block.next;
      block.valueCount--;
      block.next = value + (block.valueCount == 0 ? 0 : sequence.increment());
      return value;
    }
  }

  /**
   * Lets {@code sequence} go on from {@code value}.
   *
   * @param isCalled whether the value counts as given out
   */
  public void set(SequenceDefinition sequence, long value, boolean isCalled) {
    if (value < sequence.minimum() || value > sequence.maximum()) {
      throw new PpdbException(
          ErrorCode.NUMERIC_OUT_OF_RANGE,
          "setval: value "
              + value
              + " is out of bounds for sequence \""
              + sequence.name()
              + "\" ("
              + sequence.minimum()
              + ".."
              + sequence.maximum()
              + ")");
    }
    Block block = block(sequence);
    synchronized (block) {
      store.transact(
          transaction -> {
            put(transaction, sequence, value, isCalled);
            return value;
          });
      block.valueCount = 0;
    }
  }

  private Block block(SequenceDefinition sequence) {
    return blocks.computeIfAbsent(
        new State(sequence.id(), sequence.stateId()), state -> new Block());
  }

  private void fill(Block block, SequenceDefinition sequence) {
    store.transact(
        transaction -> {
          long first = first(transaction, sequence);
          long increment = sequence.increment();
          long room = increment > 0 ? sequence.maximum() - first : first - sequence.minimum();
          long wanted = Math.max(BLOCK_VALUES, sequence.cache());
          long steps = Long.divideUnsigned(room, Math.abs(increment)); // unsigned itself
          long count = steps < 0 || steps >= wanted ? wanted : steps + 1;
          put(transaction, sequence, first + (count - 1) * increment, true);
          block.next = first;
          block.valueCount = count;
          return first;
        });
  }

  /** The first value that has not been given out. */
  private static long first(Transaction transaction, SequenceDefinition sequence) {
    byte[] state = transaction.get(key(sequence));
    if (state == null) {
      return sequence.start();
    }
    KeyReader reader = new KeyReader(state);
    long value = reader.readLong();
    if (!reader.readBoolean()) {
      return value;
    }
    long increment = sequence.increment();
    boolean isInside = value >= sequence.minimum() && value <= sequence.maximum();
    long room = increment > 0 ? sequence.maximum() - value : value - sequence.minimum();
    if (isInside && Long.compareUnsigned(room, Math.abs(increment)) >= 0) {
      return value + increment;
    }
    if (sequence.cycles()) {
      return increment > 0 ? sequence.minimum() : sequence.maximum();
    }
    throw new PpdbException(
        ErrorCode.SEQUENCE_LIMIT,
        "nextval: reached "
            + (increment > 0 ? "maximum" : "minimum")
            + " value of sequence \""
            + sequence.name()
            + "\" ("
            + (increment > 0 ? sequence.maximum() : sequence.minimum())
            + ")");
  }

  static void put(
      Transaction transaction, SequenceDefinition sequence, long value, boolean isCalled) {
    transaction.put(
        key(sequence), new KeyWriter().addLong(value).addBoolean(isCalled).toByteArray());
  }

  private static byte[] key(SequenceDefinition sequence) {
    return CatalogKeys.sequence(sequence.id(), sequence.stateId());
  }
}

package io.ppdb.hbase.omid;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is about to change policies ({@link PolicyChange}): start timestamps of transactions, of
 * which no two have the same. Immutable.
 */
record PolicyMarks(List<Long> marks) {
  /** A mark so old was left behind: timestamps of the oracle. */
  static final long LIFE = 60_000 * OmidView.TIMESTAMPS_PER_MILLI;

  static final PolicyMarks NONE = new PolicyMarks(List.of());

  PolicyMarks {
    marks = List.copyOf(marks);
  }

  /** Reads what {@link #toBytes} has written. */
  static PolicyMarks read(byte[] bytes) {
    List<Long> marks = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      marks.add(buffer.getLong());
    }
    return new PolicyMarks(marks);
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(marks.size() * Long.BYTES);
    marks.forEach(bytes::putLong);
    return bytes.array();
  }

  boolean isEmpty() {
    return marks.isEmpty();
  }

  boolean contains(long mark) {
    return marks.contains(mark);
  }

  PolicyMarks with(long mark) {
    List<Long> more = new ArrayList<>(marks);
    more.add(mark);
    return new PolicyMarks(more);
  }

  PolicyMarks without(long mark) {
    return new PolicyMarks(marks.stream().filter(other -> other != mark).toList());
  }

  /** Those that were not left behind, as seen at version {@code now}. */
  PolicyMarks alive(long now) {
    return new PolicyMarks(marks.stream().filter(mark -> now - mark <= LIFE).toList());
  }
}

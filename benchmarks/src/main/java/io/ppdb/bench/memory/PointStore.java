package io.ppdb.bench.memory;

import org.jspecify.annotations.Nullable;

/** What point reads are made of; both methods do what a Java program would write. Thread-safe. */
interface PointStore {
  void put(byte[] key, byte[] value);

  /** The value as the store hands it out, null if there is none. */
  byte @Nullable [] get(byte[] key);
}

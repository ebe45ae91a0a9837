package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import java.util.List;

/**
 * The keys that a commit has written to files, as it is remembered who claims them: by the bounds
 * of the files and a filter each. May say yes of a key that is not there, never no of one that is.
 * Immutable; asked under the commit lock, so without I/O.
 */
public interface ClaimedFiles {
  boolean mightHave(byte[] key);

  /** Whether any key of {@code range} might be there. */
  boolean mightHaveIn(KeyRange range);

  /** The ranges that the files' keys lie in, rising, apart from each other. */
  List<KeyRange> bounds();

  /** What it costs to remember this. */
  long sizeInBytes();
}

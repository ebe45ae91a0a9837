package io.ppdb.lsm.crash;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Opens what a crash left and compares it with what was promised. */
final class Survivors {
  private Survivors() {}

  /**
   * Checks that the store on {@code disk} holds the commits of a prefix of the script that has at
   * least all that were durable, works on, and is whole. Returns what is wrong, or null.
   */
  static @Nullable String check(MemVfs disk, LsmOptions options, Script.Progress progress) {
    LsmOptions healthy = options.withVfs(disk);
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, healthy)) {
      Map<Integer, Integer> seen = read(store);
      for (int count = progress.issued.size(); count >= progress.durableCount; count--) {
        if (seen.equals(Script.stateAfter(progress.issued, count))) {
          store.verify();
          store.write(new WriteBatch().put(Script.key(999), Script.value(0, 1)), Durability.SYNC);
          return null;
        }
      }
      return "found "
          + seen
          + ", which is no prefix of at least "
          + progress.durableCount
          + " commits: "
          + progress.issued;
    } catch (RuntimeException e) {
      return "cannot open: " + e;
    }
  }

  private static Map<Integer, Integer> read(LsmStore store) {
    Map<Integer, Integer> seen = new TreeMap<>();
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      while (cursor.next()) {
        String key = new String(cursor.key().toByteArray(), StandardCharsets.US_ASCII);
        String value = new String(cursor.value().toByteArray(), StandardCharsets.US_ASCII);
        seen.put(
            Integer.parseInt(key.substring(1)),
            Integer.parseInt(value.substring(0, value.indexOf(':'))));
      }
    }
    return seen;
  }
}

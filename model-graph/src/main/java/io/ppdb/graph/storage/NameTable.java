package io.ppdb.graph.storage;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The small ids that labels and property keys are stored by, and which types of values each key has
 * had on each label.
 *
 * <p>A name gets its id, and a usage its bit, by a transaction of its own that commits before the
 * one that needs it goes on. Neither is ever taken back, not even by a rollback, so both may be
 * cached for ever: a cached entry can be missing but never wrong. Types are therefore an upper
 * bound of what the data holds.
 *
 * <p>Thread-safe: reads are racy on immutable arrays, additions hold this object's monitor.
 */
public final class NameTable {
  /** The id of a name that no element has had yet. */
  public static final int UNKNOWN = -1;

  private static final int FIRST_ID = 1;

  private final KeyValueStore store;
  private final long objectId;

  /** Index: {@link NameKind#code}. */
  private final Map<String, Integer>[] idsByName;

  /** Index: {@link NameKind#code}, id. Arrays are replaced, never changed. */
  private volatile @Nullable String[][] namesById;

  /** Index: element kind, label id, key id: bits of {@link ValueType}. Rows are replaced. */
  private volatile long[][][] usages;

  @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type.
  NameTable(KeyValueStore store, long objectId) {
    this.store = store;
    this.objectId = objectId;
    int kindCount = NameKind.values().length;
    idsByName = new Map[kindCount];
    namesById = new @Nullable String[kindCount][0];
    usages = new long[ElementKind.values().length][0][0];
    for (int i = 0; i < kindCount; i++) {
      idsByName[i] = new ConcurrentHashMap<>();
    }
    try (Snapshot snapshot = store.snapshot()) {
      loadNames(snapshot);
      loadUsages(snapshot);
    }
  }

  /** The id of {@code name}, or {@link #UNKNOWN}. */
  public int find(NameKind kind, @Nullable String name, ReadView view) {
    if (name == null) {
      return UNKNOWN;
    }
    Integer id = idsByName[kind.code()].get(name);
    if (id != null) {
      return id;
    }
    // Another process, or another instance over the same store, may have added it.
    byte[] stored = view.get(nameKey(kind, name));
    return stored == null ? UNKNOWN : remember(kind, name, stored);
  }

  /** The id of {@code name}, which gets one if it has none. */
  public int intern(NameKind kind, String name) {
    Integer id = idsByName[kind.code()].get(name);
    return id != null ? id : add(kind, name);
  }

  public String name(NameKind kind, int id) {
    @Nullable String[] names = namesById[kind.code()];
    String name = id < names.length ? names[id] : null;
    return name != null ? name : loadName(kind, id);
  }

  /** The greatest id that a name of {@code kind} has in this process. */
  public int maxId(NameKind kind) {
    return namesById[kind.code()].length - 1;
  }

  /** Notes that elements of a label have values of a type under a key. */
  void noteUsage(ElementKind elementKind, int labelId, int keyId, ValueType type) {
    if ((usage(elementKind, labelId, keyId) & type.bit()) == 0) {
      addUsage(elementKind, labelId, keyId, type.bit());
    }
  }

  /** Bits of the {@link ValueType}s that elements of a label have had under a key. */
  public long usage(ElementKind elementKind, int labelId, int keyId) {
    long[][] rows = usages[elementKind.code()];
    if (labelId >= rows.length || keyId >= rows[labelId].length) {
      return 0;
    }
    return rows[labelId][keyId];
  }

  /** Bits of the types under a key on any label. */
  public long usage(ElementKind elementKind, int keyId) {
    long bits = 0;
    for (long[] row : usages[elementKind.code()]) {
      bits |= keyId < row.length ? row[keyId] : 0;
    }
    return bits;
  }

  private synchronized int add(NameKind kind, String name) {
    byte[] nameKey = nameKey(kind, name);
    GraphKeys keys = new GraphKeys(objectId);
    byte[] sequenceKey =
        keys.schema(GraphKeys.SCHEMA_SEQUENCE)
            .addLong(GraphStore.FIRST_NAME_SEQUENCE + kind.code())
            .toByteArray();
    byte[] stored =
        store.transact(
            transaction -> {
              byte[] known = transaction.get(nameKey);
              if (known != null) {
                return known;
              }
              byte[] next = transaction.get(sequenceKey);
              long id = next == null ? FIRST_ID : MergeOperators.decodeLong(next);
              byte[] encoded = MergeOperators.encodeLong(id);
              transaction.put(sequenceKey, MergeOperators.encodeLong(id + 1));
              transaction.put(nameKey, encoded);
              transaction.put(idKey(kind, id), name.getBytes(StandardCharsets.UTF_8));
              return encoded;
            });
    return remember(kind, name, stored);
  }

  private synchronized int remember(NameKind kind, String name, byte[] stored) {
    int id = Math.toIntExact(MergeOperators.decodeLong(stored));
    @Nullable String[][] all = namesById.clone();
    @Nullable String[] names = all[kind.code()];
    names = Arrays.copyOf(names, Math.max(names.length, id + 1));
    names[id] = name;
    all[kind.code()] = names;
    namesById = all;
    idsByName[kind.code()].put(name, id);
    return id;
  }

  private String loadName(NameKind kind, int id) {
    byte[] stored;
    try (Snapshot snapshot = store.snapshot()) {
      stored = snapshot.get(idKey(kind, id));
    }
    if (stored == null) {
      throw new PpdbException(
          ErrorCode.CORRUPTION, "graph " + objectId + " has no " + kind + " of id " + id);
    }
    String name = new String(stored, StandardCharsets.UTF_8);
    remember(kind, name, MergeOperators.encodeLong(id));
    return name;
  }

  private void loadNames(ReadView view) {
    byte[] prefix = new GraphKeys(objectId).schema(GraphKeys.SCHEMA_ID_TO_NAME).toByteArray();
    KeyReader reader = new KeyReader();
    try (Cursor cursor = view.scan(KeyRange.prefix(prefix))) {
      while (cursor.next()) {
        reader.reset(cursor.key()).skip().skip().skip();
        NameKind kind = NameKind.ofCode((int) reader.readLong());
        long id = reader.readLong();
        String name = new String(cursor.value().toByteArray(), StandardCharsets.UTF_8);
        remember(kind, name, MergeOperators.encodeLong(id));
      }
    }
  }

  private void loadUsages(ReadView view) {
    byte[] prefix = new GraphKeys(objectId).schema(GraphKeys.SCHEMA_USAGE).toByteArray();
    KeyReader reader = new KeyReader();
    try (Cursor cursor = view.scan(KeyRange.prefix(prefix))) {
      while (cursor.next()) {
        reader.reset(cursor.key()).skip().skip().skip();
        ElementKind kind = ElementKind.ofCode((int) reader.readLong());
        int labelId = (int) reader.readLong();
        int keyId = (int) reader.readLong();
        long bits = MergeOperators.decodeLong(cursor.value().toByteArray());
        rememberUsage(kind, labelId, keyId, bits);
      }
    }
  }

  private synchronized void addUsage(ElementKind kind, int labelId, int keyId, long bit) {
    byte[] key =
        new GraphKeys(objectId)
            .schema(GraphKeys.SCHEMA_USAGE)
            .addLong(kind.code())
            .addLong(labelId)
            .addLong(keyId)
            .toByteArray();
    long bits = store.transact(transaction -> addBit(transaction, key, bit));
    rememberUsage(kind, labelId, keyId, bits);
  }

  private static long addBit(Transaction transaction, byte[] key, long bit) {
    byte[] stored = transaction.get(key);
    long known = stored == null ? 0 : MergeOperators.decodeLong(stored);
    if ((known & bit) == 0) {
      transaction.put(key, MergeOperators.encodeLong(known | bit));
    }
    return known | bit;
  }

  private synchronized void rememberUsage(ElementKind kind, int labelId, int keyId, long bits) {
    long[][][] all = usages.clone();
    long[][] rows = all[kind.code()];
    int oldLength = rows.length;
    rows = Arrays.copyOf(rows, Math.max(oldLength, labelId + 1));
    Arrays.fill(rows, oldLength, rows.length, new long[0]);
    long[] row = rows[labelId];
    row = Arrays.copyOf(row, Math.max(row.length, keyId + 1));
    row[keyId] |= bits;
    rows[labelId] = row;
    all[kind.code()] = rows;
    usages = all;
  }

  private byte[] nameKey(NameKind kind, String name) {
    return new GraphKeys(objectId)
        .schema(GraphKeys.SCHEMA_NAME_TO_ID)
        .addLong(kind.code())
        .addString(name)
        .toByteArray();
  }

  private byte[] idKey(NameKind kind, long id) {
    return new GraphKeys(objectId)
        .schema(GraphKeys.SCHEMA_ID_TO_NAME)
        .addLong(kind.code())
        .addLong(id)
        .toByteArray();
  }
}

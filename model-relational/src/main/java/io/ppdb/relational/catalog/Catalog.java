package io.ppdb.relational.catalog;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.Comments.Subject;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tables and views of a store, read through whatever view a statement has and changed in its
 * transaction.
 *
 * <p>Definitions and what table kinds make of them are cached by (id, version). A version is a
 * random number drawn at each change, so a definition that was cached from a transaction that
 * rolled back can never be taken for another. Thread-safe.
 */
public final class Catalog {
  /** The schema of unqualified names. */
  public static final String DEFAULT_SCHEMA = "public";

  private static final int MAX_CACHED_TABLES = 4096;
  private static final long TABLE_ENTRY = 1;
  private static final long INDEX_ENTRY = 2;
  private static final long VIEW_ENTRY = 3;
  private static final long SEQUENCE_ENTRY = 4;

  private final KeyValueStore store;
  private final Map<String, TableKind> kinds;
  private final Map<ObjectVersion, TableAccess> cache = new ConcurrentHashMap<>();
  private final CatalogStatistics statistics = new CatalogStatistics();
  private final AccessCatalog access = new AccessCatalog();

  /** An object at one version. */
  public record ObjectVersion(long id, long version) {}

  private record NameEntry(long type, ObjectVersion object) {
    boolean isRelation() {
      return type == TABLE_ENTRY || type == VIEW_ENTRY;
    }
  }

  public Catalog(KeyValueStore store, List<TableKind> kinds) {
    this.store = store;
    this.kinds = kinds.stream().collect(Collectors.toMap(TableKind::name, Function.identity()));
  }

  /** Lets the catalog's range of a new store be required unchanged by many at a time. */
  public static void preparePolicy(KeyValueStore store) {
    KeyRange range = CatalogKeys.all();
    RangePolicy policy = store.policy(range.start());
    if (policy.claims() != RangePolicy.Claims.SHARED) {
      store.setPolicy(range, policy.withClaims(RangePolicy.Claims.SHARED));
    }
  }

  public KeyValueStore store() {
    return store;
  }

  /** What is known of the rows of tables. */
  public CatalogStatistics statistics() {
    return statistics;
  }

  /** The key that tells what {@code name} stands for. */
  public static byte[] nameKey(String schema, String name) {
    return CatalogKeys.name(schema, name);
  }

  /** Roles, owners and grants. */
  public AccessCatalog access() {
    return access;
  }

  /** What {@code name} stands for at {@code view} if it is a table or view, else null. */
  public @Nullable ObjectVersion findVersion(ReadView view, String schema, String name) {
    NameEntry entry = findName(view, schema, name);
    return entry == null || !entry.isRelation() ? null : entry.object;
  }

  /** The table or view {@code name} at {@code view}, or null if there is none. */
  public @Nullable TableAccess findTable(ReadView view, String schema, String name) {
    ObjectVersion object = findVersion(view, schema, name);
    return object == null ? null : access(view, object);
  }

  /** The table that has an index {@code name}, or null if there is no such index. */
  public @Nullable TableAccess findTableOfIndex(ReadView view, String schema, String name) {
    NameEntry entry = findName(view, schema, name);
    return entry == null || entry.type != INDEX_ENTRY ? null : access(view, entry.object);
  }

  /** The table, view or sequence {@code name}, or null if there is none. */
  public @Nullable CatalogObject findObject(ReadView view, String schema, String name) {
    NameEntry entry = findName(view, schema, name);
    return entry == null || entry.type == INDEX_ENTRY ? null : findObject(view, entry.object.id());
  }

  /** The object with this id, or null if there is none. */
  public @Nullable CatalogObject findObject(ReadView view, long id) {
    byte[] bytes = view.get(CatalogKeys.definition(id));
    return bytes == null ? null : DefinitionCodec.decode(bytes);
  }

  /** The table with this id, which something else in the catalog names. */
  public TableAccess table(ReadView view, long id) {
    if (findObject(view, id) instanceof TableDefinition table) {
      return access(table);
    }
    throw new PpdbException(
        ErrorCode.CORRUPTION, "the catalog names table " + id + " but has none");
  }

  /** Whether {@code name} is taken by a table, view or index. */
  public boolean exists(ReadView view, String schema, String name) {
    return findName(view, schema, name) != null;
  }

  /** All objects at {@code view}, by id. */
  public List<CatalogObject> objects(ReadView view) {
    List<CatalogObject> objects = new ArrayList<>();
    try (Cursor cursor = view.scan(CatalogKeys.definitions())) {
      while (cursor.next()) {
        objects.add(DefinitionCodec.decode(cursor.value().toByteArray()));
      }
    }
    return objects;
  }

  /** All tables at {@code view}, by id. */
  public List<TableDefinition> tables(ReadView view) {
    return objects(view).stream()
        .filter(TableDefinition.class::isInstance)
        .map(TableDefinition.class::cast)
        .toList();
  }

  /** The key that is unchanged as long as no schema change of the object commits. */
  public static byte[] epochKey(long objectId) {
    return CatalogKeys.definition(objectId);
  }

  /**
   * Claims that {@code table} is still what {@code definition} says when {@code transaction}
   * commits: for writers that looked it up before the transaction began.
   *
   * @throws PpdbException UNDEFINED_TABLE if it was dropped, INVALID_STATE if it was changed
   */
  public static void requireCurrent(Transaction transaction, TableDefinition definition) {
    byte[] key = CatalogKeys.definition(definition.id());
    transaction.requireUnchanged(key);
    byte[] stored = transaction.get(key);
    if (stored == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE,
          "table \"" + definition.name() + "\" was dropped after the writer was opened");
    }
    if (DefinitionCodec.decode(stored).version() != definition.version()) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "table \""
              + definition.name()
              + "\" was changed after the writer was opened; open it again");
    }
  }

  /** The kind called {@code name}; INVALID_DEFINITION if there is none. */
  public TableKind kind(String name) {
    TableKind kind = kinds.get(name);
    if (kind == null) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "unknown table kind \""
              + name
              + "\"; known are "
              + kinds.keySet().stream()
                  .filter(known -> !known.equals(MaterializedView.KIND))
                  .sorted()
                  .toList());
    }
    return kind;
  }

  /** Draws the id of a new object. */
  public long allocateId(Transaction transaction) {
    byte[] key = CatalogKeys.nextId();
    byte[] value = transaction.get(key);
    long id = value == null ? CatalogKeys.FIRST_USER_OBJECT : new KeyReader(value).readLong();
    transaction.put(key, new KeyWriter().addLong(id + 1).toByteArray());
    return id;
  }

  /** Stores a new table under its name. */
  public TableDefinition create(Transaction transaction, TableDefinition table) {
    requireFree(transaction, table.schema(), table.name(), ErrorCode.DUPLICATE_TABLE);
    for (IndexDefinition index : table.indexes()) {
      requireFree(transaction, table.schema(), index.name(), ErrorCode.DUPLICATE_OBJECT);
    }
    return replace(transaction, table);
  }

  /** Stores a changed definition of a table that exists. */
  public TableDefinition replace(Transaction transaction, TableDefinition table) {
    TableDefinition stored = (TableDefinition) store(transaction, table, TABLE_ENTRY);
    for (IndexDefinition index : stored.indexes()) {
      putName(transaction, stored, index.name(), INDEX_ENTRY);
    }
    Comments.removeStale(transaction, stored);
    access.removeStale(transaction, stored);
    byte[] unfinished = CatalogKeys.unfinished(table.id());
    if (table.isUnfinished()) {
      transaction.put(unfinished, new byte[0]);
    } else if (transaction.get(unfinished) != null) {
      transaction.delete(unfinished);
    }
    return stored;
  }

  /** The ids of tables whose change takes several transactions and has not had its last. */
  public List<Long> unfinished(ReadView view) {
    List<Long> ids = new ArrayList<>();
    try (Cursor cursor = view.scan(CatalogKeys.allUnfinished())) {
      while (cursor.next()) {
        ids.add(new KeyReader().reset(cursor.key()).skip().skip().readLong());
      }
    }
    return ids;
  }

  /**
   * Stores a view, new or changed. What it depends on cannot be dropped or changed by a transaction
   * that does not see it.
   */
  public void store(Transaction transaction, ViewDefinition view) {
    store(transaction, view, VIEW_ENTRY);
    for (long id : view.dependencies()) {
      transaction.guard(CatalogKeys.definition(id));
    }
  }

  /** The range of all keys of a table. */
  public static KeyRange rangeOf(TableDefinition table) {
    return KeyWriter.rangeOf(table.id());
  }

  /** The range of the keys of one part of a table: its rows, or an index, by its number. */
  public static KeyRange rangeOf(TableDefinition table, int number) {
    return new KeyWriter().addLong(table.id()).addLong(number).toPrefixRange();
  }

  /** Gives up the name of {@code object}, which is stored under another one next. */
  public void freeName(Transaction transaction, CatalogObject object) {
    transaction.delete(CatalogKeys.name(object.schema(), object.name()));
  }

  /** Gives {@code index} of {@code table} another name; the definition is not stored yet. */
  public TableDefinition renameIndex(
      Transaction transaction, TableDefinition table, IndexDefinition index, String newName) {
    transaction.delete(CatalogKeys.name(table.schema(), index.name()));
    renamePart(transaction, table, Part.INDEX, index.name(), newName);
    if (index.constraint()) {
      renamePart(transaction, table, Part.CONSTRAINT, index.name(), newName);
    }
    return table.withRenamedIndex(index.name(), newName);
  }

  /** Lets what was said of a part of {@code table} be said of the part's new name. */
  public void renamePart(
      Transaction transaction, TableDefinition table, Part part, String name, String newName) {
    Comments.rename(transaction, new Subject(table.id(), part, name), newName);
    if (part == Part.COLUMN) {
      access.renameColumn(transaction, table.id(), name, newName);
    }
  }

  /** Stores a sequence, new or changed. */
  public void store(Transaction transaction, SequenceDefinition sequence) {
    store(transaction, sequence, SEQUENCE_ENTRY);
  }

  /** Lets a sequence that has given out nothing begin with {@code first}. */
  public void restart(Transaction transaction, SequenceDefinition sequence, long first) {
    Sequences.put(transaction, sequence, first, false);
  }

  /** Fails if {@code name} is taken. */
  public void requireFree(Transaction transaction, String schema, String name, ErrorCode code) {
    if (exists(transaction, schema, name)) {
      throw new PpdbException(code, "relation \"" + name + "\" already exists");
    }
  }

  private static CatalogObject store(Transaction transaction, CatalogObject object, long type) {
    CatalogObject stored = object.withVersion(ThreadLocalRandom.current().nextLong());
    transaction.put(CatalogKeys.definition(stored.id()), DefinitionCodec.encode(stored));
    putName(transaction, stored, stored.name(), type);
    return stored;
  }

  private static void putName(
      Transaction transaction, CatalogObject object, String name, long type) {
    byte[] value =
        new KeyWriter().addLong(type).addLong(object.id()).addLong(object.version()).toByteArray();
    transaction.put(CatalogKeys.name(object.schema(), name), value);
  }

  /** Removes an object from the catalog; its keys go when nobody can see them any more. */
  public void drop(Transaction transaction, CatalogObject object) {
    Comments.remove(transaction, object.id());
    access.remove(transaction, object.id());
    transaction.delete(CatalogKeys.definition(object.id()));
    transaction.delete(CatalogKeys.name(object.schema(), object.name()));
    if (object instanceof TableDefinition table) {
      for (IndexDefinition index : table.indexes()) {
        transaction.delete(CatalogKeys.name(table.schema(), index.name()));
      }
      transaction.delete(CatalogKeys.statistics(table.id()));
      transaction.delete(CatalogKeys.unfinished(table.id()));
      putDropped(transaction, table.id(), CatalogKeys.WHOLE_OBJECT);
    } else if (object instanceof SequenceDefinition sequence) {
      transaction.delete(CatalogKeys.sequence(sequence.id(), sequence.stateId()));
    }
  }

  /** Removes a schema, which has nothing in it. */
  public void drop(Transaction transaction, SchemaDefinition schema) {
    Comments.remove(transaction, schema.id());
    access.remove(transaction, schema.id());
    Schemas.drop(transaction, schema);
  }

  /** Removes an index of a table; its keys go when nobody can see them any more. */
  public TableDefinition dropIndex(
      Transaction transaction, TableDefinition table, IndexDefinition index) {
    transaction.delete(CatalogKeys.name(table.schema(), index.name()));
    putDropped(transaction, table.id(), index.number());
    return replace(transaction, table.withoutIndex(index.name()));
  }

  private static void putDropped(Transaction transaction, long id, long part) {
    byte[] value = new KeyWriter().addLong(transaction.instantMillis()).toByteArray();
    transaction.put(CatalogKeys.dropped(id, part), value);
  }

  /**
   * Gives back the space of objects whose drop lies further back than the history of their range.
   *
   * @return how many were removed
   */
  public int removeDropped() {
    List<byte[]> done = new ArrayList<>();
    List<KeyRange> ranges = new ArrayList<>();
    try (Transaction transaction = store.begin();
        Cursor cursor = transaction.scan(CatalogKeys.allDropped())) {
      long now = transaction.instantMillis();
      while (cursor.next()) {
        KeyReader key = new KeyReader().reset(cursor.key()).skip().skip();
        long id = key.readLong();
        long part = key.readLong();
        KeyWriter prefix = new KeyWriter().addLong(id);
        if (part != CatalogKeys.WHOLE_OBJECT) {
          prefix.addLong(part);
        }
        KeyRange range = prefix.toPrefixRange();
        long droppedAt = new KeyReader().reset(cursor.value()).readLong();
        if (droppedAt + store.policy(range.start()).history().toMillis() <= now) {
          ranges.add(range);
          done.add(cursor.key().toByteArray());
        }
      }
    }
    ranges.forEach(store::dropRange);
    if (!done.isEmpty()) {
      store.transact(
          transaction -> {
            done.forEach(transaction::delete);
            return done.size();
          });
    }
    return done.size();
  }

  private @Nullable NameEntry findName(ReadView view, String schema, String name) {
    byte[] value = view.get(CatalogKeys.name(schema, name));
    if (value == null) {
      return null;
    }
    KeyReader reader = new KeyReader(value);
    long type = reader.readLong();
    return new NameEntry(type, new ObjectVersion(reader.readLong(), reader.readLong()));
  }

  private TableAccess access(ReadView view, ObjectVersion object) {
    TableAccess cached = cache.get(object);
    if (cached != null) {
      return cached;
    }
    CatalogObject found = findObject(view, object.id());
    if (found == null) {
      throw new PpdbException(
          ErrorCode.CORRUPTION, "the catalog names object " + object.id() + " but has none");
    }
    TableAccess access =
        found instanceof TableDefinition table
            ? kind(table.kind()).access(table, store)
            : new ViewAccess((ViewDefinition) found);
    if (cache.size() >= MAX_CACHED_TABLES) {
      cache.clear();
    }
    cache.put(new ObjectVersion(found.id(), found.version()), access);
    return access;
  }

  /** Access to a table whose definition is at hand, for instance one just changed. */
  public TableAccess access(TableDefinition table) {
    return cache.computeIfAbsent(
        new ObjectVersion(table.id(), table.version()),
        key -> kind(table.kind()).access(table, store));
  }
}

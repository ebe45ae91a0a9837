package io.ppdb.relational.catalog;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a store. {@value Catalog#DEFAULT_SCHEMA} is there without an entry of its own, for
 * stores are older than schemas; an entry without an id says that it was dropped.
 *
 * <p>Whoever creates an object in a schema guards its key, which dropping it claims alone: so no
 * object is left in a schema that is gone.
 */
public final class Schemas {
  private static final long PUBLIC_ID = 1;
  private static final long DROPPED = 0;

  private Schemas() {}

  /** The schema called {@code name}, or null. */
  public static @Nullable SchemaDefinition find(ReadView view, String name) {
    byte[] value = view.get(CatalogKeys.schema(name));
    if (value == null) {
      return name.equals(Catalog.DEFAULT_SCHEMA) ? new SchemaDefinition(PUBLIC_ID, name) : null;
    }
    long id = new KeyReader(value).readLong();
    return id == DROPPED ? null : new SchemaDefinition(id, name);
  }

  /** All schemas at {@code view}, by name. */
  public static List<SchemaDefinition> all(ReadView view) {
    List<SchemaDefinition> schemas = new ArrayList<>();
    try (Cursor cursor = view.scan(CatalogKeys.schemas())) {
      while (cursor.next()) {
        String name = new KeyReader().reset(cursor.key()).skip().skip().readString();
        if (!name.equals(Catalog.DEFAULT_SCHEMA)) {
          schemas.add(new SchemaDefinition(new KeyReader().reset(cursor.value()).readLong(), name));
        }
      }
    }
    SchemaDefinition usual = find(view, Catalog.DEFAULT_SCHEMA);
    if (usual != null) {
      schemas.add(usual);
    }
    schemas.sort(Comparator.comparing(SchemaDefinition::name));
    return schemas;
  }

  /**
   * The schema called {@code name}, which stays until {@code transaction} commits, or it conflicts;
   * null if there is none.
   */
  public static @Nullable SchemaDefinition guard(Transaction transaction, String name) {
    SchemaDefinition schema = find(transaction, name);
    if (schema != null) {
      transaction.guard(CatalogKeys.schema(name));
    }
    return schema;
  }

  /** Stores a new schema; DUPLICATE_SCHEMA if there is one of its name. */
  public static void create(Transaction transaction, SchemaDefinition schema) {
    if (find(transaction, schema.name()) != null) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_SCHEMA, "schema \"" + schema.name() + "\" already exists");
    }
    put(transaction, schema.name(), schema.id());
  }

  static void drop(Transaction transaction, SchemaDefinition schema) {
    if (schema.name().equals(Catalog.DEFAULT_SCHEMA)) {
      put(transaction, schema.name(), DROPPED);
    } else {
      transaction.delete(CatalogKeys.schema(schema.name()));
    }
  }

  private static void put(Transaction transaction, String name, long id) {
    transaction.put(CatalogKeys.schema(name), new KeyWriter().addLong(id).toByteArray());
  }
}

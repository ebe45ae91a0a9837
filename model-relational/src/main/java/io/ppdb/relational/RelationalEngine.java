package io.ppdb.relational;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.Sequences;
import io.ppdb.relational.ddl.DefinitionStatements;
import io.ppdb.relational.lock.RowLocks;
import io.ppdb.relational.pgcatalog.PgCatalog;
import io.ppdb.relational.planner.InformationSchema;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.Viewpoint;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.spi.TableKind;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.storage.MaterializedViewKind;
import io.ppdb.relational.storage.RowTableKind;
import java.util.ArrayList;
import java.util.List;

/**
 * SQL over one key-value store. Thread-safe; one for each store is enough, and the store stays the
 * caller's to close.
 */
public final class RelationalEngine {
  private final KeyValueStore store;
  private final Catalog catalog;
  private final PgCatalog systemCatalog;
  private final StatementCompiler compiler;
  private final StatementCaches caches = new StatementCaches();
  private final DefinitionStatements definitions;
  private final Sequences sequences;
  private final Logins logins;
  private final TemporaryFiles temporaryFiles;
  private final RowLocks rowLocks = new RowLocks();

  /** An engine with the system's temporary files. */
  public RelationalEngine(
      KeyValueStore store,
      List<? extends TableKind> kinds,
      List<? extends TableFunction> functions) {
    this(store, kinds, functions, TemporaryFiles.ofSystem());
  }

  /**
   * @param kinds kinds of tables beside row tables
   * @param functions what {@code FROM TABLE(name(…))} can call
   * @param temporaryFiles take what statements may not hold in memory; stay the caller's to close
   */
  public RelationalEngine(
      KeyValueStore store,
      List<? extends TableKind> kinds,
      List<? extends TableFunction> functions,
      TemporaryFiles temporaryFiles) {
    this.store = store;
    this.temporaryFiles = temporaryFiles;
    List<TableKind> allKinds = new ArrayList<>(kinds);
    allKinds.add(new RowTableKind());
    allKinds.add(new MaterializedViewKind());
    this.catalog = new Catalog(store, allKinds);
    InformationSchema informationSchema = new InformationSchema(catalog);
    this.systemCatalog = new PgCatalog(catalog, informationSchema.definitions());
    QueryPlanner planner =
        new QueryPlanner(List.copyOf(functions), List.of(informationSchema, systemCatalog));
    this.compiler = new StatementCompiler(QueryPlanner.parser(), planner, catalog);
    this.definitions = new DefinitionStatements(catalog, planner, compiler.actions());
    this.sequences = new Sequences(store);
    this.logins = new Logins(store, catalog);
    catalog.removeDropped();
  }

  /**
   * Takes back the schema changes, of those that take several transactions, which a process had
   * begun that ended amid them; for whoever has the store for itself, before the first session.
   */
  public void takeBackUnfinishedChanges() {
    definitions.takeBackUnfinished();
  }

  /** A session with transactions of its own, which may do everything. */
  public RelationalSession openSession() {
    return new RelationalSession(this, null, Role.BOOTSTRAP);
  }

  /**
   * A session with the rights of a role; whether whoever asks for it is that role is for the caller
   * to find out, by its {@linkplain #logins verifier}.
   *
   * @throws PpdbException INVALID_AUTHORIZATION if there is no such role or it may not log in,
   *     INSUFFICIENT_PRIVILEGE if it may not connect
   */
  public RelationalSession openSession(String roleName) {
    return new RelationalSession(this, null, logins.require(roleName));
  }

  /** What is known of those who may open sessions. */
  public Logins logins() {
    return logins;
  }

  /**
   * A session all of whose statements run in {@code transaction}, which the caller commits or rolls
   * back; closing the session leaves it alone.
   */
  public RelationalSession openSession(Transaction transaction) {
    return new RelationalSession(this, transaction, Role.BOOTSTRAP);
  }

  public KeyValueStore store() {
    return store;
  }

  public Catalog catalog() {
    return catalog;
  }

  PgCatalog systemCatalog() {
    return systemCatalog;
  }

  RowLocks rowLocks() {
    return rowLocks;
  }

  TemporaryFiles temporaryFiles() {
    return temporaryFiles;
  }

  StatementCompiler compiler() {
    return compiler;
  }

  StatementCache cache(Viewpoint viewpoint) {
    return caches.of(viewpoint);
  }

  Sequences sequences() {
    return sequences;
  }

  DefinitionStatements definitions() {
    return definitions;
  }
}

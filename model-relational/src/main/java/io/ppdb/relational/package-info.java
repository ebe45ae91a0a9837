/**
 * SQL over a key-value store: the engine, its sessions, prepared statements and results.
 *
 * <pre>{@code
 * RelationalEngine engine = new RelationalEngine(store, List.of(), List.of());
 * try (RelationalSession session = engine.openSession()) {
 *   session.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)").close();
 *   session.execute("INSERT INTO t VALUES (?, ?)", 1, "one").close();
 *   try (StatementResult result = session.execute("SELECT name FROM t WHERE id = 1")) {
 *     …
 *   }
 * }
 * }</pre>
 *
 * <p>A statement is parsed ({@code parser}), planned against the catalog ({@code catalog}, {@code
 * planner}) and run by vectorised operators ({@code exec}) over tables of some kind ({@code spi},
 * {@code storage}). Depends on kv-core and Calcite; the database and its front-ends use it.
 */
@NullMarked
package io.ppdb.relational;

import org.jspecify.annotations.NullMarked;

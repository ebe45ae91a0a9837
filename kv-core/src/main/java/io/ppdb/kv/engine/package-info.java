/**
 * What engines share. All of them: transactions that keep their writes in a buffer and read through
 * it, over {@link io.ppdb.kv.engine.StoreView}s of an {@link io.ppdb.kv.engine.EngineStore}. Local
 * ones besides: memtable, cursors, claim validation, the commit pipeline.
 *
 * <p>A local engine is one whose commits are ordered in this process: the memory engine and lsm. An
 * engine implements {@link io.ppdb.kv.engine.Storage}, where entries are kept and made durable, and
 * extends {@link io.ppdb.kv.engine.LocalStore}, which is everything between that and the former.
 * Both share one {@link io.ppdb.kv.engine.EngineContext}:
 *
 * <pre>{@code
 * EngineContext context = new EngineContext(options, lastVersion, lastTickMillis); // after recovery
 * for (Assignment a : manifest.policies()) context.policies().set(a.range(), a.policy());
 * Storage storage = new LsmStorage(context, …);
 * class LsmStore extends LocalStore { LsmStore(…) { super(context, storage); } }
 * }</pre>
 *
 * <p><b>Reading.</b> A view registers (version s, instant τ) with {@link io.ppdb.kv.engine.Views}
 * before it reads. A point read offers entries, newest first, to a {@link
 * io.ppdb.kv.engine.PointLookup} until it is decided. A scan is a stack of cursors:
 *
 * <pre>
 * ScanCursor          direction, limits, end of life          the public Cursor
 *   OverlayCursor     own writes over committed ones          only in a transaction that wrote
 *     VisibleCursor   one visible entry a key at (s, τ)
 *       EntryCursor   every entry: {@link io.ppdb.kv.engine.MergingEntryCursor} of memtables, tables
 * </pre>
 *
 * <p><b>Committing.</b> The steps, and which lock each runs under, are described at {@code
 * CommitPipeline} and in {@code docs/concurrency.md}.
 *
 * <p>Depends on {@link io.ppdb.kv}. Used by engines only; models never import it. What does not
 * belong here: files, formats, anything that only one engine needs.
 */
@NullMarked
package io.ppdb.kv.engine;

import org.jspecify.annotations.NullMarked;

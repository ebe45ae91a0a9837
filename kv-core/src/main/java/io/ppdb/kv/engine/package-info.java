/**
 * What local engines share: write buffer, visible cursor, claim validation, the commit pipeline.
 *
 * <p>A local engine is one whose commits are ordered in this process: the memory engine and lsm.
 * Both keep entries in the order of {@link io.ppdb.kv.engine.EntryCursor}; everything between that
 * cursor and the public contract is written once, here.
 *
 * <p>Depends on {@link io.ppdb.kv}. Used by engines only; models never import it.
 */
@NullMarked
package io.ppdb.kv.engine;

import org.jspecify.annotations.NullMarked;

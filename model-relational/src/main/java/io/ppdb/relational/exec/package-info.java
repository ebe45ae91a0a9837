/**
 * The vectorised executor: pull operators over vector batches.
 *
 * <p>The planner builds a tree of {@code Operator}s for one execution of one statement and reads it
 * with a {@code RowCursor}. Storage enters through {@code BatchSource}. Nothing here knows of
 * catalog, grammar or key layout. Operators that must hold rows charge the statement's {@code
 * MemoryBudget} and fail with MEMORY_LIMIT beyond it; they do not spill to disk.
 */
@NullMarked
package io.ppdb.relational.exec;

import org.jspecify.annotations.NullMarked;

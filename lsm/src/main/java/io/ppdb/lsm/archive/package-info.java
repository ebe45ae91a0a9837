/**
 * Where segments of the log go before the store gives them up: with a checkpoint they make the
 * store at any later version. Names and order: {@code docs/design/archive.md}.
 *
 * <p>Depends on the vfs package. Used by the storage. What does not belong here: when a segment is
 * offered, and what a restored store consists of.
 */
@NullMarked
package io.ppdb.lsm.archive;

import org.jspecify.annotations.NullMarked;

/** Rows that do not fit into a statement's memory, in temporary files. */
@NullMarked
package io.ppdb.relational.spill;

import org.jspecify.annotations.NullMarked;

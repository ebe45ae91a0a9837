/**
 * SQL types: what a column can hold, how Calcite names it, how a vector stores it, and its
 * PostgreSQL text form.
 *
 * <p>Depends on Calcite's type interfaces only. Everything else in this module uses it. Values in
 * bulk (vectors) and operations on them do not belong here.
 */
@NullMarked
package io.ppdb.relational.type;

import org.jspecify.annotations.NullMarked;

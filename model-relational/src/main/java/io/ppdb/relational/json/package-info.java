/**
 * JSON values: their text, their order, and what SQL's operators do to them.
 *
 * <p>A value outside of this package is its canonical text, as {@link
 * io.ppdb.relational.json.JsonWriter} writes it, in UTF-8: what vectors, rows and results hold.
 * What only looks into it reads that text ({@link io.ppdb.relational.json.JsonCursor}), what
 * changes or compares it makes a tree of it ({@link io.ppdb.relational.json.JsonValue}).
 *
 * <p>Depends on the JDK and error codes only; vectors and expressions do not belong here.
 */
@NullMarked
package io.ppdb.relational.json;

import org.jspecify.annotations.NullMarked;

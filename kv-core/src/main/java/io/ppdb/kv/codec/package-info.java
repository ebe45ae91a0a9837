/**
 * Order-preserving encoding of typed tuples into byte keys.
 *
 * <p>The byte format is {@code docs/format/keys.md}. For any two tuples of the same shape, unsigned
 * lexicographic order of the encodings is the order of the tuples.
 *
 * <p>Depends on the JDK only. Used by every model.
 */
@NullMarked
package io.ppdb.kv.codec;

import org.jspecify.annotations.NullMarked;

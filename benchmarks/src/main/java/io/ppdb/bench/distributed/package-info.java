/** Suite {@code distributed}: PPDB's engine for clusters beside plain Omid on the same cluster. */
@NullMarked
package io.ppdb.bench.distributed;

import org.jspecify.annotations.NullMarked;

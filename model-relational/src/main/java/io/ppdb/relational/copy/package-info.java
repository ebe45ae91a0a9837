/** How rows stand in the text that COPY reads and writes. */
@NullMarked
package io.ppdb.relational.copy;

import org.jspecify.annotations.NullMarked;

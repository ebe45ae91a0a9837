/** SQL over ordered keys. */
@NullMarked
package io.ppdb.relational;

import org.jspecify.annotations.NullMarked;

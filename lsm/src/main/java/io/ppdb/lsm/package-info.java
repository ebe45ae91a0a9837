/** The durable engine: a log-structured merge tree behind the key-value contract. */
@NullMarked
package io.ppdb.lsm;

import org.jspecify.annotations.NullMarked;

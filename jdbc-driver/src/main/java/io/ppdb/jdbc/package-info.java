/** The java.sql driver. */
@NullMarked
package io.ppdb.jdbc;

import org.jspecify.annotations.NullMarked;

/** Random queries that PPDB and other databases have to answer alike. */
@NullMarked
package io.ppdb.suites.random;

import org.jspecify.annotations.NullMarked;

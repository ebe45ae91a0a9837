/**
 * What the suites of this module share. They see PPDB as any program does, through its JDBC driver.
 */
@NullMarked
package io.ppdb.suites;

import org.jspecify.annotations.NullMarked;

/**
 * sql-logic-test, a suite of some six million records that SQLite's authors made with four
 * databases, through JDBC.
 */
@NullMarked
package io.ppdb.suites.logic;

import org.jspecify.annotations.NullMarked;

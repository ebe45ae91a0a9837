package io.ppdb.relational.exec;

/**
 * One column of an ordering.
 *
 * @param nullsFirst whether NULLs come before all values, whatever the direction
 */
public record SortKey(int column, boolean descending, boolean nullsFirst) {}

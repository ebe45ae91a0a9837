package io.ppdb.kv.codec;

/** How one element of a key sorts: its direction, and independently of it the place of NULL. */
public enum SortOrder {
  ASCENDING_NULLS_FIRST(false, true),
  ASCENDING_NULLS_LAST(false, false),
  DESCENDING_NULLS_FIRST(true, true),
  DESCENDING_NULLS_LAST(true, false);

  /** Ascending as SQL means it when nothing is said about NULL: last. */
  public static final SortOrder ASCENDING = ASCENDING_NULLS_LAST;

  /** Descending as SQL means it when nothing is said about NULL: first. */
  public static final SortOrder DESCENDING = DESCENDING_NULLS_FIRST;

  private final boolean descending;
  private final boolean nullsFirst;

  SortOrder(boolean descending, boolean nullsFirst) {
    this.descending = descending;
    this.nullsFirst = nullsFirst;
  }

  public static SortOrder of(boolean descending, boolean nullsFirst) {
    if (descending) {
      return nullsFirst ? DESCENDING_NULLS_FIRST : DESCENDING_NULLS_LAST;
    }
    return nullsFirst ? ASCENDING_NULLS_FIRST : ASCENDING_NULLS_LAST;
  }

  public boolean isDescending() {
    return descending;
  }

  public boolean isNullsFirst() {
    return nullsFirst;
  }
}

package io.ppdb.relational.parser;

import com.google.common.base.Splitter;
import java.util.Locale;
import java.util.Set;

/** The words that PostgreSQL 15 does not take as the name of a table or column. */
final class ReservedWords {
  private static final Set<String> RESERVED =
      Set.copyOf(
          Splitter.on(' ')
              .splitToList(
                  "all analyse analyze and any array as asc asymmetric both case cast check collate"
                      + " column constraint create current_catalog current_date current_role"
                      + " current_time current_timestamp current_user default deferrable desc"
                      + " distinct do else end except false fetch for foreign from grant group"
                      + " having in initially intersect into lateral leading limit localtime"
                      + " localtimestamp not null offset on only or order placing primary"
                      + " references returning select session_user some symmetric table then to"
                      + " trailing true union unique user using variadic when where window with"
                      // What may name a function or a type.
                      + " authorization binary collation concurrently cross current_schema freeze"
                      + " full ilike inner is isnull join left like natural notnull outer overlaps"
                      + " right similar tablesample verbose"));

  private ReservedWords() {}

  /** Whether {@code word}, in any case, is no name unless it is quoted. */
  static boolean contains(String word) {
    return RESERVED.contains(word.toLowerCase(Locale.ROOT));
  }
}

package io.ppdb.jdbc;

/** The word lists of {@link java.sql.DatabaseMetaData}, for tools that colour and complete SQL. */
final class SqlVocabulary {
  /** Reserved words beyond those of SQL:2003. */
  static final String KEYWORDS = "analyze,ilike,limit,offset,returning,text";

  static final String NUMERIC_FUNCTIONS =
      "abs,acos,asin,atan,atan2,ceiling,cos,cot,degrees,exp,floor,log,log10,mod,pi,power,radians,"
          + "rand,round,sign,sin,sqrt,tan,truncate";
  static final String STRING_FUNCTIONS =
      "ascii,char_length,character_length,concat,lcase,left,length,locate,ltrim,octet_length,"
          + "position,repeat,replace,right,rtrim,substring,ucase";
  static final String SYSTEM_FUNCTIONS = "coalesce,nullif";
  static final String TIME_FUNCTIONS = "current_date,current_time,current_timestamp,extract,now";

  private SqlVocabulary() {}
}

package io.ppdb.relational.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions and the texts that PostgreSQL answers them with. */
class PostgresSemanticsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          7 / 2                                            # 3
          -7 / 2                                           # -3
          MOD(-7, 2)                                       # -1
          MOD(7, -2)                                       # 1
          7.0 / 2                                          # 3.5000000000000000
          1 / 3.0                                          # 0.33333333333333333333
          10.00 / 3                                        # 3.3333333333333333
          100000.0 / 3                                     # 33333.333333333333
          0.1 + 0.2                                        # 0.3
          1.50 * 2.5                                       # 3.750
          1.10 - 1.1                                       # 0.00
          MOD(5.5, 2.25)                                   # 1.00
          CAST(0.1 AS DOUBLE) + CAST(0.2 AS DOUBLE)        # 0.30000000000000004
          9999999999999999999 + 1                          # 10000000000000000000
          999999999999999999.99 * 999999999999999999.99    # 999999999999999999980000000000000000.0001
          -5                                               # -5
          - CAST(1.5 AS DOUBLE)                            # -1.5
          CAST(2.5 AS INTEGER)                             # 3
          CAST(-2.5 AS INTEGER)                            # -3
          CAST(CAST(2.5 AS DOUBLE) AS INTEGER)             # 2
          CAST(CAST(3.5 AS DOUBLE) AS INTEGER)             # 4
          CAST(1.005 AS DECIMAL(10, 2))                    # 1.01
          CAST(-1.005 AS DECIMAL(10, 2))                   # -1.01
          CAST(5 AS DECIMAL(10, 2))                        # 5.00
          CAST('12.345' AS DECIMAL(5, 2))                  # 12.35
          CAST(CAST(0.1 AS REAL) AS DOUBLE)                # 0.10000000149011612
          CAST(0.1 AS REAL)                                # 0.1
          CAST(1e20 AS DOUBLE)                             # 1e+20
          CAST(1e-7 AS DOUBLE)                             # 1e-07
          CAST(123456789012345 AS DOUBLE)                  # 123456789012345
          CAST(1234567890123456 AS DOUBLE)                 # 1.234567890123456e+15
          CAST('NaN' AS DOUBLE)                            # NaN
          CAST(TRUE AS VARCHAR)                            # true
          CAST('yes' AS BOOLEAN)                           # true
          CAST(' 42 ' AS INTEGER)                          # 42
          CAST('abcdef' AS VARCHAR(3))                     # abc
          CAST(DATE '2001-02-03' AS VARCHAR)               # 2001-02-03
          CAST(TIMESTAMP '2001-02-03 04:05:06.5' AS VARCHAR) # 2001-02-03 04:05:06.5
          CAST(TIMESTAMP '2001-02-03 04:05:06' AS DATE)    # 2001-02-03
          CAST('2001-02-03' AS TIMESTAMP)                  # 2001-02-03 00:00:00
          CAST('04:05' AS TIME)                            # 04:05:00
          """)
  void arithmeticAndCasts(String expression, String expected) {
    assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          round(17.5666, 1)             # 17.6
          round(2.5)                    # 3
          round(-2.5)                   # -3
          round(1234.5, -2)             # 1200
          round(CAST(2.5 AS DOUBLE))    # 2
          round(5, 2)                   # 5.00
          trunc(-1.78, 1)               # -1.7
          trunc(9.99)                   # 9
          ceil(1.2)                     # 2
          floor(-1.2)                   # -2
          floor(CAST(-1.2 AS DOUBLE))   # -2
          abs(-5)                       # 5
          abs(-5.50)                    # 5.50
          sign(-3.5)                    # -1
          sqrt(2.0)                     # 1.4142135623730950
          sqrt(CAST(16 AS DOUBLE))      # 4
          power(2, 10)                  # 1024
          exp(CAST(0 AS DOUBLE))        # 1
          ln(CAST(1 AS DOUBLE))         # 0
          log(100)                      # 2
          greatest(1, 3, 2)             # 3
          least(1, 3, 2)                # 1
          greatest(1, NULL, 2)          # 2
          least(1.5, 1)                 # 1
          """)
  void mathematics(String expression, String expected) {
    assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          'a' || 'b'                              # ab
          'a' || 1                                # a1
          1 || 'a'                                # 1a
          'a' || NULL                             # NULL
          upper('straße')                         # STRASSE
          lower('ÄÖ')                             # äö
          length('Zürich')                        # 6
          octet_length('Zürich')                  # 7
          char_length('東京')                     # 2
          substring('PostgreSQL' FROM 8)          # SQL
          substring('PostgreSQL' FROM 5 FOR 3)    # gre
          substring('東京都' FROM 2 FOR 1)        # 京
          substring('abc' FROM 0 FOR 2)           # a
          substring('abc' FROM -5)                # abc
          position('c' IN 'abc')                  # 3
          strpos('東京都', '都')                  # 3
          position('x' IN 'abc')                  # 0
          trim('  x ') || '.'                     # x.
          trim(LEADING 'x' FROM 'xxaxx')          # axx
          trim(BOTH 'xy' FROM 'xyaxyx')           # a
          ltrim('xxa', 'x')                       # a
          rtrim('axx', 'x')                       # a
          lpad('7', 3, '0')                       # 007
          rpad('abc', 2)                          # ab
          replace('abcabc', 'b', 'xx')            # axxcaxxc
          concat('a', NULL, 1)                    # a1
          concat_ws(',', 'a', NULL, 'b')          # a,b
          left('abc', 2)                          # ab
          left('abc', -1)                         # ab
          right('abc', 2)                         # bc
          right('abc', -1)                        # bc
          reverse('abc')                          # cba
          split_part('a,b,c', ',', 2)             # b
          split_part('a,b,c', ',', -1)            # c
          split_part('a,b,c', ',', 5)             # ""
          starts_with('abc', 'ab')                # true
          md5('abc')                              # 900150983cd24fb0d6963f7d28e17f72
          repeat('ab', 3)                         # ababab
          translate('12345', '143', 'ax')         # a2x5
          regexp_replace('foobar', 'o+', 'X')     # fXbar
          """)
  void text(String expression, String expected) {
    assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          'abc' LIKE 'a%'                   # true
          'abc' LIKE '%c'                   # true
          'abc' LIKE '%b%'                  # true
          'abc' LIKE 'a_c'                  # true
          'abc' LIKE 'a_'                   # false
          'a東c' LIKE 'a_c'                 # true
          'abcbc' LIKE 'a%bc'               # true
          'ab' LIKE 'ab%b'                  # false
          '10%' LIKE '10!%' ESCAPE '!'      # true
          '10x' LIKE '10!%' ESCAPE '!'      # false
          '' LIKE '%'                       # true
          '' LIKE '_'                       # false
          'abc' NOT LIKE 'x%'               # true
          'abc' LIKE NULL                   # NULL
          'aXb' LIKE '%_X_%'                # true
          'abc' SIMILAR TO '(a|b)%'         # true
          'abc' SIMILAR TO 'a'              # false
          """)
  void patterns(String expression, String expected) {
    assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          NULL AND FALSE                       # false
          NULL AND TRUE                        # NULL
          NULL OR TRUE                         # true
          NULL OR FALSE                        # NULL
          NOT CAST(NULL AS BOOLEAN)            # NULL
          1 IN (2, 1)                          # true
          1 IN (2, NULL)                       # NULL
          3 NOT IN (1, 2)                      # true
          2 BETWEEN 1 AND 3                    # true
          1 = 1.0                              # true
          1 < 1.5                              # true
          CAST(1 AS SMALLINT) = CAST(1 AS BIGINT) # true
          'a' < 'b'                            # true
          1 IS DISTINCT FROM NULL              # true
          NULL IS NOT DISTINCT FROM NULL       # true
          CAST(NULL AS INTEGER) IS NULL        # true
          (NULL AND TRUE) IS UNKNOWN           # true
          CASE WHEN 1 = 2 THEN 'a' ELSE 'bbb' END # bbb
          CASE WHEN FALSE THEN 1 / 0 ELSE 7 END # 7
          CASE 3 WHEN 1 THEN 'x' WHEN 3 THEN 'y' END # y
          COALESCE(NULL, NULL, 5)              # 5
          NULLIF(1, 1)                         # NULL
          NULLIF(1, 2)                         # 1
          CAST('NaN' AS DOUBLE) = CAST('NaN' AS DOUBLE) # true
          CAST('NaN' AS DOUBLE) > CAST('Infinity' AS DOUBLE) # true
          """)
  void logic(String expression, String expected) {
    assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          DATE '2001-01-31' + INTERVAL '1' MONTH               # 2001-02-28 00:00:00
          DATE '2001-02-03' + 7                                # 2001-02-10
          DATE '2001-02-03' - 3                                # 2001-01-31
          DATE '2001-03-01' - DATE '2001-02-01'                # 28
          TIMESTAMP '2001-02-03 04:05:06' - TIMESTAMP '2001-02-01 00:00:00' # 2 days 04:05:06
          TIMESTAMP '2001-01-31 12:00:00' + INTERVAL '1' MONTH # 2001-02-28 12:00:00
          TIMESTAMP '2001-02-03 00:00:00' - INTERVAL '1' HOUR  # 2001-02-02 23:00:00
          INTERVAL '1' DAY * 2                                 # 2 days
          EXTRACT(YEAR FROM DATE '2001-02-03')                 # 2001
          EXTRACT(DOW FROM DATE '2001-02-03')                  # 6
          EXTRACT(DOY FROM DATE '2001-02-03')                  # 34
          EXTRACT(WEEK FROM DATE '2001-02-03')                 # 5
          EXTRACT(QUARTER FROM DATE '2001-05-03')              # 2
          EXTRACT(SECOND FROM TIMESTAMP '2001-02-03 04:05:06.5') # 6.500000
          EXTRACT(EPOCH FROM TIMESTAMP '1970-01-02 00:00:01')  # 86401.000000
          date_part('hour', TIMESTAMP '2001-02-03 04:05:06')   # 4
          date_trunc('month', TIMESTAMP '2001-02-03 04:05:06') # 2001-02-01 00:00:00
          date_trunc('hour', TIMESTAMP '2001-02-03 04:05:06')  # 2001-02-03 04:00:00
          date_trunc('week', TIMESTAMP '2001-02-03 04:05:06')  # 2001-01-29 00:00:00
          CURRENT_DATE                                         # 2001-02-03
          CURRENT_TIMESTAMP                                    # 2001-02-03 04:05:06.789012+00
          LOCALTIMESTAMP                                       # 2001-02-03 04:05:06.789012
          make_date(2001, 2, 3)                                # 2001-02-03
          """)
  void datesAndTimes(String expression, String expected) {
    assertThat(Expressions.evaluate(expression)).as(expression).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      textBlock =
          """
          1 / 0                                 # DIVISION_BY_ZERO
          1.5 / 0                               # DIVISION_BY_ZERO
          MOD(1, 0)                             # DIVISION_BY_ZERO
          2147483647 + 1                        # NUMERIC_OUT_OF_RANGE
          9223372036854775807 + 1               # NUMERIC_OUT_OF_RANGE
          9223372036854775807 * 2               # NUMERIC_OUT_OF_RANGE
          CAST(40000 AS SMALLINT)               # NUMERIC_OUT_OF_RANGE
          CAST('3000000000' AS INTEGER)         # NUMERIC_OUT_OF_RANGE
          CAST(123.45 AS DECIMAL(4, 2))         # NUMERIC_OUT_OF_RANGE
          CAST('abc' AS INTEGER)                # INVALID_TEXT_REPRESENTATION
          CAST('2001-02-30' AS DATE)            # DATETIME_OVERFLOW
          CAST('maybe' AS BOOLEAN)              # INVALID_TEXT_REPRESENTATION
          sqrt(CAST(-1 AS DOUBLE))              # INVALID_ARGUMENT
          ln(CAST(0 AS DOUBLE))                 # INVALID_ARGUMENT
          substring('abc' FROM 1 FOR -1)        # INVALID_ARGUMENT
          """)
  void errors(String expression, ErrorCode expected) {
    assertThatThrownBy(() -> Expressions.evaluate(expression))
        .as(expression)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(expected));
  }

  @Test
  void errorsNameTheValues() {
    assertThatThrownBy(() -> Expressions.evaluate("2147483647 + 1"))
        .hasMessage("integer out of range: 2147483647 + 1");
    assertThatThrownBy(() -> Expressions.evaluate("CAST('abc' AS INTEGER)"))
        .hasMessage("invalid input syntax for type integer: \"abc\"");
  }

  @Test
  void timestamptzFollowsTheSessionsZone() {
    EvaluationContext berlin =
        EvaluationContext.at(Expressions.CONTEXT.statementInstant(), ZoneId.of("Europe/Berlin"));
    assertThat(Expressions.evaluate("CURRENT_TIMESTAMP", berlin))
        .isEqualTo("2001-02-03 05:05:06.789012+01");
    assertThat(Expressions.evaluate("CAST(CURRENT_TIMESTAMP AS TIMESTAMP)", berlin))
        .isEqualTo("2001-02-03 05:05:06.789012");
    assertThat(Expressions.evaluate("EXTRACT(HOUR FROM CURRENT_TIMESTAMP)", berlin)).isEqualTo("5");
  }
}

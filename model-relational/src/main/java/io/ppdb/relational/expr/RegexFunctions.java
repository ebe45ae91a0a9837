package io.ppdb.relational.expr;

import static io.ppdb.relational.type.ColumnType.TEXT;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BytesVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.calcite.sql.SqlFunction;
import org.jspecify.annotations.Nullable;

/** What regular expressions make arrays and rows of: matches, and the texts between them. */
public final class RegexFunctions {
  private RegexFunctions() {}

  static List<SqlFunction> functions() {
    Parameters parameters = Parameters.of(TEXT, TEXT, TEXT).requiring(2);
    ColumnType texts = ColumnType.array(TEXT);
    return List.of(
        JsonOperators.functionOf("REGEXP_MATCH", JsonOperators.maybe(texts), parameters),
        JsonOperators.functionOf("REGEXP_SPLIT_TO_ARRAY", JsonOperators.strict(texts), parameters));
  }

  static void register(Map<String, Functions.Builder> functions) {
    functions.put(
        "REGEXP_MATCH",
        (c, a) ->
            texts(
                c,
                a,
                (text, pattern) -> {
                  Matcher matcher = pattern.matcher(text);
                  return matcher.find() ? groups(matcher) : null;
                }));
    functions.put("REGEXP_SPLIT_TO_ARRAY", (c, a) -> texts(c, a, RegexFunctions::split));
  }

  /** What becomes of a text and a pattern; null for NULL. */
  @FunctionalInterface
  private interface Splitter {
    @Nullable List<@Nullable String> apply(String text, Pattern pattern);
  }

  private static VectorExpression texts(
      ExpressionCompiler compiler, VectorExpression[] a, Splitter splitter) {
    VectorExpression[] arguments = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      arguments[i] = StringFunctions.text(compiler, a[i]);
    }
    LastMade<Integer> flags = new LastMade<>(PatternFunctions::flags);
    Pattern[] last = new Pattern[1];
    return compiler.strict(
        ColumnType.array(TEXT),
        Kernel.of(
            (v, i, r) -> {
              int options = v.length == 3 ? flags.of((BytesVector) v[2], i) : 0;
              String regex = ((BytesVector) v[1]).getString(i);
              if (last[0] == null
                  || last[0].flags() != options
                  || !last[0].pattern().equals(regex)) {
                last[0] = compile(regex, options);
              }
              List<@Nullable String> parts =
                  splitter.apply(((BytesVector) v[0]).getString(i), last[0]);
              if (parts == null) {
                r.setNull(i);
              } else {
                ArrayFunctions.setTexts(
                    (BytesVector) r, i, parts.toArray(new @Nullable String[0]), null);
              }
            }),
        arguments);
  }

  /** The pattern of a regular expression with PostgreSQL's flags. */
  public static Pattern pattern(String regex, String flags) {
    return compile(regex, PatternFunctions.flags(flags));
  }

  private static Pattern compile(String regex, int options) {
    try {
      return Pattern.compile(regex, options);
    } catch (PatternSyntaxException e) {
      throw Errors.invalidArgument(
          "invalid regular expression \"" + regex + "\": " + e.getDescription());
    }
  }

  /**
   * What the groups of a match hold, null for those that took no part; without groups the match.
   */
  public static List<@Nullable String> groups(Matcher matcher) {
    List<@Nullable String> groups = new ArrayList<>();
    if (matcher.groupCount() == 0) {
      groups.add(matcher.group());
    }
    for (int i = 1; i <= matcher.groupCount(); i++) {
      groups.add(matcher.group(i));
    }
    return groups;
  }

  /**
   * The texts between matches. Empty matches at the beginning, at the end and right behind another
   * match do not count.
   */
  public static List<@Nullable String> split(String text, Pattern pattern) {
    List<@Nullable String> parts = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int start = 0;
    int lastEnd = 0;
    while (matcher.find()) {
      boolean counts =
          matcher.end() > matcher.start()
              || (matcher.start() != lastEnd && matcher.start() < text.length());
      if (counts) {
        parts.add(text.substring(start, matcher.start()));
        start = matcher.end();
      }
      lastEnd = matcher.end();
    }
    parts.add(text.substring(start));
    return parts;
  }
}

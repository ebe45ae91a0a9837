package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** LIKE, ILIKE, SIMILAR TO and regular expressions; a constant pattern is compiled once. */
final class PatternFunctions {
  private static final int IGNORE_CASE = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  private PatternFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("LIKE", (c, a) -> like(c, a, false));
    functions.put("ILIKE", (c, a) -> like(c, a, true));
    functions.put("NOT LIKE", (c, a) -> not(c, like(c, a, false)));
    functions.put("NOT ILIKE", (c, a) -> not(c, like(c, a, true)));
    functions.put("SIMILAR TO", PatternFunctions::similar);
    functions.put("NOT SIMILAR TO", (c, a) -> not(c, similar(c, a)));
    functions.put("~", (c, a) -> regex(c, a, 0));
    functions.put("~*", (c, a) -> regex(c, a, IGNORE_CASE));
    functions.put("!~", (c, a) -> not(c, regex(c, a, 0)));
    functions.put("!~*", (c, a) -> not(c, regex(c, a, IGNORE_CASE)));
    functions.put("~~", (c, a) -> like(c, a, false));
    functions.put("~~*", (c, a) -> like(c, a, true));
    functions.put("!~~", (c, a) -> not(c, like(c, a, false)));
    functions.put("!~~*", (c, a) -> not(c, like(c, a, true)));
    functions.put("REGEXP_LIKE", PatternFunctions::regexLike);
    functions.put("REGEXP_COUNT", PatternFunctions::regexCount);
    functions.put("REGEXP_SUBSTR", PatternFunctions::regexSubstring);
    functions.put("REGEXP_REPLACE", PatternFunctions::regexReplace);
  }

  private static VectorExpression not(ExpressionCompiler compiler, VectorExpression truth) {
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of((v, i, r) -> ((BooleanVector) r).set(i, !((BooleanVector) v[0]).get(i))),
        truth);
  }

  private static VectorExpression like(
      ExpressionCompiler compiler, VectorExpression[] a, boolean ignoreCase) {
    VectorExpression[] arguments = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      arguments[i] = StringFunctions.text(compiler, a[i]);
    }
    return compiler.strict(ColumnType.BOOLEAN, Kernel.of(new Like(ignoreCase)), arguments);
  }

  /** Keeps the compiled form of the last pattern seen. */
  private static final class Like implements RowFunction {
    private final boolean ignoreCase;
    private byte[] known = {};
    private @Nullable LikePattern compiled;

    Like(boolean ignoreCase) {
      this.ignoreCase = ignoreCase;
    }

    @Override
    public void apply(Vector[] arguments, int position, Vector result) {
      BytesVector text = (BytesVector) arguments[0];
      LikePattern pattern = pattern(arguments, position);
      boolean matches;
      if (ignoreCase) {
        byte[] lower =
            text.getString(position).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        matches = pattern.matches(lower, 0, lower.length);
      } else {
        matches = pattern.matches(text.arena(), text.starts()[position], text.lengths()[position]);
      }
      ((BooleanVector) result).set(position, matches);
    }

    private LikePattern pattern(Vector[] arguments, int position) {
      LikePattern last = compiled;
      if (last != null && arguments.length == 2 && isKnown((BytesVector) arguments[1], position)) {
        return last;
      }
      String pattern = ((BytesVector) arguments[1]).getString(position);
      Integer escape = Integer.valueOf('\\');
      if (arguments.length == 3) {
        String text = ((BytesVector) arguments[2]).getString(position);
        if (text.codePointCount(0, text.length()) > 1) {
          throw Errors.invalidArgument("invalid escape string: \"" + text + "\"");
        }
        escape = text.isEmpty() ? null : text.codePointAt(0);
      }
      last = LikePattern.compile(ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern, escape);
      compiled = last;
      known = ((BytesVector) arguments[1]).get(position);
      return last;
    }

    private boolean isKnown(BytesVector patterns, int position) {
      int start = patterns.starts()[position];
      int end = start + patterns.lengths()[position];
      return Arrays.equals(patterns.arena(), start, end, known, 0, known.length);
    }
  }

  private static VectorExpression similar(ExpressionCompiler compiler, VectorExpression[] a) {
    RegexCache cache = new RegexCache();
    VectorExpression[] arguments = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      arguments[i] = StringFunctions.text(compiler, a[i]);
    }
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              String pattern = ((BytesVector) v[1]).getString(i);
              String escape = v.length == 3 ? ((BytesVector) v[2]).getString(i) : "\\";
              Pattern regex = cache.get(similarToRegex(pattern, escape), Pattern.DOTALL);
              ((BooleanVector) r)
                  .set(i, regex.matcher(((BytesVector) v[0]).getString(i)).matches());
            }),
        arguments);
  }

  /** SIMILAR TO has %, _ and the operators | * + ? {} () []; all else is literal. */
  private static String similarToRegex(String pattern, String escape) {
    StringBuilder out = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!escape.isEmpty() && c == escape.charAt(0) && i + 1 < pattern.length()) {
        out.append('\\').append(pattern.charAt(++i));
      } else if (inClass) {
        inClass = c != ']';
        out.append(c == '\\' ? "\\\\" : String.valueOf(c));
      } else if (c == '%') {
        out.append(".*");
      } else if (c == '_') {
        out.append('.');
      } else if (c == '[') {
        inClass = true;
        out.append(c);
      } else if (".\\^$".indexOf(c) >= 0) {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static VectorExpression regex(
      ExpressionCompiler compiler, VectorExpression[] a, int flags) {
    RegexCache cache = new RegexCache();
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              Pattern pattern = cache.get(((BytesVector) v[1]).getString(i), flags);
              ((BooleanVector) r).set(i, pattern.matcher(((BytesVector) v[0]).getString(i)).find());
            }),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]));
  }

  private static VectorExpression regexLike(ExpressionCompiler compiler, VectorExpression[] a) {
    String flags = a.length == 3 ? Functions.constantText(a[2]) : "";
    if (flags == null) {
      throw Errors.notSupported("regexp_like with flags that are not a constant");
    }
    return regex(compiler, a, flags(flags));
  }

  private static VectorExpression regexReplace(ExpressionCompiler compiler, VectorExpression[] a) {
    String flags = a.length == 4 ? Functions.constantText(a[3]) : "";
    if (flags == null) {
      throw Errors.notSupported("regexp_replace with flags that are not a constant");
    }
    boolean all = flags.indexOf('g') >= 0;
    int patternFlags = flags(flags);
    RegexCache cache = new RegexCache();
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              Pattern pattern = cache.get(((BytesVector) v[1]).getString(i), patternFlags);
              Matcher matcher = pattern.matcher(((BytesVector) v[0]).getString(i));
              String replacement = replacement(((BytesVector) v[2]).getString(i));
              try {
                ((BytesVector) r)
                    .setString(
                        i,
                        all ? matcher.replaceAll(replacement) : matcher.replaceFirst(replacement));
              } catch (IndexOutOfBoundsException e) {
                throw Errors.invalidArgument(
                    "invalid backreference in replacement \""
                        + ((BytesVector) v[2]).getString(i)
                        + "\"");
              }
            }),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]),
        StringFunctions.text(compiler, a[2]));
  }

  private static VectorExpression regexCount(ExpressionCompiler compiler, VectorExpression[] a) {
    RegexCache cache = new RegexCache();
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              Matcher matcher =
                  cache
                      .get(((BytesVector) v[1]).getString(i), 0)
                      .matcher(((BytesVector) v[0]).getString(i));
              int count = 0;
              while (matcher.find()) {
                count++;
              }
              ((IntVector) r).set(i, count);
            }),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]));
  }

  /** The first match, NULL if there is none. */
  private static VectorExpression regexSubstring(
      ExpressionCompiler compiler, VectorExpression[] a) {
    RegexCache cache = new RegexCache();
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              Matcher matcher =
                  cache
                      .get(((BytesVector) v[1]).getString(i), 0)
                      .matcher(((BytesVector) v[0]).getString(i));
              if (matcher.find()) {
                ((BytesVector) r).setString(i, matcher.group());
              } else {
                r.setNull(i);
              }
            }),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]));
  }

  /** PostgreSQL writes \1 and \& where Java has $1 and $0. */
  private static String replacement(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      if (c == '\\' && (next == '&' || (next >= '1' && next <= '9'))) {
        out.append('$').append(next == '&' ? '0' : next);
        i++;
      } else if (c == '\\' && next == '\\') {
        out.append("\\\\");
        i++;
      } else if (c == '$' || c == '\\') {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** What PostgreSQL's flags are to a pattern. */
  static int flags(String flags) {
    int result = 0;
    for (int i = 0; i < flags.length(); i++) {
      switch (flags.charAt(i)) {
        case 'i' -> result |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        case 'c', 'g' -> {}
        case 'n', 'm' -> result |= Pattern.MULTILINE;
        case 's' -> result |= Pattern.DOTALL;
        default ->
            throw Errors.invalidArgument(
                "invalid regular expression option: \"" + flags.charAt(i) + "\"");
      }
    }
    return result;
  }

  /** The last regular expression used. */
  private static final class RegexCache {
    private @Nullable String text;
    private @Nullable Pattern pattern;

    Pattern get(String newText, int flags) {
      Pattern known = pattern;
      if (known == null || !newText.equals(text)) {
        try {
          known = Pattern.compile(newText, flags);
        } catch (PatternSyntaxException e) {
          throw Errors.invalidArgument("invalid regular expression: " + e.getMessage());
        }
        pattern = known;
        text = newText;
      }
      return known;
    }
  }
}

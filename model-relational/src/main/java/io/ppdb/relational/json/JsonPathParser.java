package io.ppdb.relational.json;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the text of one path, by recursive descent. Used once. */
final class JsonPathParser {
  private static final int MAX_DEPTH = 200;

  private static final Set<String> METHODS =
      Set.of("type", "size", "double", "ceiling", "floor", "abs", "keyvalue");

  private static final List<String> COMPARISONS = List.of("==", "!=", "<>", "<=", ">=", "<", ">");

  private final String text;
  private int index;
  private int depth;

  JsonPathParser(String text) {
    this.text = text;
  }

  JsonPath parse() {
    boolean strict = acceptWord("strict");
    if (!strict) {
      acceptWord("lax");
    }
    JsonPath.Node root = disjunction();
    skipSpace();
    if (index < text.length()) {
      throw expected("an operator or the end");
    }
    return new JsonPath(strict, root);
  }

  private JsonPath.Node disjunction() {
    if (++depth > MAX_DEPTH) {
      throw new PpdbException(
          ErrorCode.STATEMENT_TOO_COMPLEX, "jsonpath nests deeper than " + MAX_DEPTH + " levels");
    }
    JsonPath.Node node = conjunction();
    while (accept("||")) {
      node = new JsonPath.Or(condition(node), condition(conjunction()));
    }
    depth--;
    return node;
  }

  private JsonPath.Node conjunction() {
    JsonPath.Node node = negation();
    while (accept("&&")) {
      node = new JsonPath.And(condition(node), condition(negation()));
    }
    return node;
  }

  private JsonPath.Node negation() {
    skipSpace();
    if (!text.startsWith("!=", index) && accept("!")) {
      return new JsonPath.Not(condition(negation()));
    }
    if (acceptWord("exists")) {
      expect("(");
      JsonPath.Node of = value(disjunction());
      expect(")");
      return new JsonPath.Exists(of);
    }
    return comparison();
  }

  private JsonPath.Node comparison() {
    JsonPath.Node left = sum();
    for (String operator : COMPARISONS) {
      if (accept(operator)) {
        return new JsonPath.Compare(operator, value(left), value(sum()));
      }
    }
    if (acceptWord("starts")) {
      expectWord("with");
      return new JsonPath.StartsWith(value(left), value(primary()));
    }
    if (acceptWord("like_regex")) {
      String pattern = string();
      return new JsonPath.LikeRegex(
          value(left), pattern(pattern, acceptWord("flag") ? string() : ""));
    }
    if (acceptWord("is")) {
      expectWord("unknown");
      return new JsonPath.IsUnknown(condition(left));
    }
    return left;
  }

  private Pattern pattern(String pattern, String flags) {
    int options = 0;
    for (int i = 0; i < flags.length(); i++) {
      options |=
          switch (flags.charAt(i)) {
            case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
            case 's' -> Pattern.DOTALL;
            case 'm' -> Pattern.MULTILINE;
            case 'q' -> Pattern.LITERAL;
            case 'x' -> Pattern.COMMENTS;
            default -> throw invalid("unknown flag \"" + flags.charAt(i) + "\" of like_regex");
          };
    }
    try {
      return Pattern.compile(pattern, options);
    } catch (PatternSyntaxException e) {
      throw invalid("invalid regular expression \"" + pattern + "\": " + e.getDescription());
    }
  }

  private JsonPath.Node sum() {
    JsonPath.Node node = product();
    while (true) {
      if (accept("+")) {
        node = new JsonPath.Arithmetic('+', value(node), value(product()));
      } else if (accept("-")) {
        node = new JsonPath.Arithmetic('-', value(node), value(product()));
      } else {
        return node;
      }
    }
  }

  private JsonPath.Node product() {
    JsonPath.Node node = signed();
    while (true) {
      skipSpace();
      char operator = peek();
      if (operator != '*' && operator != '/' && operator != '%') {
        return node;
      }
      index++;
      node = new JsonPath.Arithmetic(operator, value(node), value(signed()));
    }
  }

  private JsonPath.Node signed() {
    if (accept("+")) {
      return new JsonPath.Arithmetic('+', null, value(signed()));
    }
    if (accept("-")) {
      return new JsonPath.Arithmetic('-', null, value(signed()));
    }
    return accessors(primary());
  }

  private JsonPath.Node primary() {
    skipSpace();
    char c = peek();
    if (accept("$")) {
      if (Character.isJavaIdentifierStart(peek())) {
        throw invalid("variables are not supported: \"$" + word() + "\"");
      }
      return new JsonPath.Root();
    } else if (accept("@")) {
      return new JsonPath.Current();
    } else if (accept("(")) {
      JsonPath.Node node = disjunction();
      expect(")");
      return node;
    } else if (c == '"') {
      return new JsonPath.Literal(new JsonValue.Text(string()));
    } else if (c == '.' || (c >= '0' && c <= '9')) {
      return new JsonPath.Literal(new JsonValue.Numeric(number()));
    } else if (acceptWord("true")) {
      return new JsonPath.Literal(new JsonValue.Truth(true));
    } else if (acceptWord("false")) {
      return new JsonPath.Literal(new JsonValue.Truth(false));
    } else if (acceptWord("null")) {
      return new JsonPath.Literal(JsonValue.Null.INSTANCE);
    } else if (acceptWord("last")) {
      return new JsonPath.Last();
    }
    throw expected("a value");
  }

  private JsonPath.Node accessors(JsonPath.Node start) {
    JsonPath.Node node = start;
    while (true) {
      skipSpace();
      if (accept(".")) {
        node = member(value(node));
      } else if (accept("[")) {
        node = new JsonPath.Elements(value(node), ranges());
      } else if (accept("?")) {
        expect("(");
        node = new JsonPath.Filter(value(node), condition(disjunction()));
        expect(")");
      } else {
        return node;
      }
    }
  }

  private JsonPath.Node member(JsonPath.Node of) {
    skipSpace();
    if (accept("**")) {
      return descendants(of);
    }
    if (accept("*")) {
      return new JsonPath.Member(of, null);
    }
    if (peek() == '"') {
      return new JsonPath.Member(of, string());
    }
    String key = word();
    if (METHODS.contains(key) && accept("(")) {
      expect(")");
      return new JsonPath.Method(of, key);
    }
    return new JsonPath.Member(of, key);
  }

  /** The levels behind {@code .**}: {@code {2}}, {@code {1 to 3}}, {@code {1 to last}}, or all. */
  private JsonPath.Node descendants(JsonPath.Node of) {
    if (!accept("{")) {
      return new JsonPath.Descendants(of, 0, Integer.MAX_VALUE);
    }
    int first = level();
    int last = acceptWord("to") ? level() : first;
    expect("}");
    return new JsonPath.Descendants(of, first, last);
  }

  private int level() {
    return acceptWord("last") ? Integer.MAX_VALUE : number().intValueExact();
  }

  private List<JsonPath.Range> ranges() {
    List<JsonPath.Range> ranges = new ArrayList<>();
    if (accept("*")) {
      expect("]");
      return ranges;
    }
    do {
      JsonPath.Node from = value(sum());
      ranges.add(new JsonPath.Range(from, acceptWord("to") ? value(sum()) : null));
    } while (accept(","));
    expect("]");
    return ranges;
  }

  private JsonPath.Node condition(JsonPath.Node node) {
    if (!JsonPath.isCondition(node)) {
      throw expected("a comparison");
    }
    return node;
  }

  private JsonPath.Node value(JsonPath.Node node) {
    if (JsonPath.isCondition(node)) {
      throw invalid("a condition stands where a value is expected");
    }
    return node;
  }

  private BigDecimal number() {
    skipSpace();
    int start = index;
    while (index < text.length() && isPartOfNumber(start)) {
      index++;
    }
    try {
      return new BigDecimal(text.substring(start, index));
    } catch (NumberFormatException e) {
      index = start;
      throw expected("a number");
    }
  }

  private boolean isPartOfNumber(int start) {
    char c = peek();
    boolean exponent = index > start && (text.charAt(index - 1) | 0x20) == 'e';
    return (c >= '0' && c <= '9')
        || c == '.'
        || (c | 0x20) == 'e'
        || (exponent && "+-".indexOf(c) >= 0);
  }

  private String string() {
    skipSpace();
    int start = index;
    if (peek() != '"') {
      throw expected("a string");
    }
    index++;
    while (index < text.length() && peek() != '"') {
      index += peek() == '\\' ? 2 : 1;
    }
    if (index >= text.length()) {
      throw expected("the end of a string");
    }
    index++;
    return ((JsonValue.Text) JsonReader.read(text.substring(start, index))).value();
  }

  private String word() {
    skipSpace();
    int start = index;
    while (index < text.length() && Character.isJavaIdentifierPart(peek()) && peek() != '$') {
      index++;
    }
    if (index == start) {
      throw expected("a key");
    }
    return text.substring(start, index);
  }

  private char peek() {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  private boolean accept(String token) {
    skipSpace();
    boolean found = text.startsWith(token, index);
    index += found ? token.length() : 0;
    return found;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw expected("\"" + token + "\"");
    }
  }

  private boolean acceptWord(String word) {
    skipSpace();
    int end = index + word.length();
    boolean found =
        text.startsWith(word, index)
            && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)));
    index = found ? end : index;
    return found;
  }

  private void expectWord(String word) {
    if (!acceptWord(word)) {
      throw expected("\"" + word + "\"");
    }
  }

  private void skipSpace() {
    while (index < text.length() && Character.isWhitespace(text.charAt(index))) {
      index++;
    }
  }

  private PpdbException expected(String what) {
    return invalid(
        "expected "
            + what
            + ", seen "
            + (index < text.length() ? "\"" + text.charAt(index) + "\"" : "the end"));
  }

  private PpdbException invalid(String why) {
    return new PpdbException(
        ErrorCode.SYNTAX_ERROR,
        "invalid jsonpath \"" + text + "\": " + why + " (character " + (index + 1) + ")");
  }
}

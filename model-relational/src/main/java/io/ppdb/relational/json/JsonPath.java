package io.ppdb.relational.json;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path of SQL/JSON, as PostgreSQL has it: {@code strict $.a[*] ? (@.b > 1).c}. Immutable.
 *
 * <p>In lax mode, which is that of a path that says nothing, arrays are unwrapped where an element
 * is meant, single values are taken for arrays of one element, and what is not there is nothing; in
 * strict mode each of these is an error.
 */
public final class JsonPath {
  private final boolean strict;
  private final Node root;

  JsonPath(boolean strict, Node root) {
    this.strict = strict;
    this.root = root;
  }

  /** Reads a path; SYNTAX_ERROR says where it is none. */
  public static JsonPath parse(String text) {
    return new JsonPathParser(text).parse();
  }

  boolean isStrict() {
    return strict;
  }

  Node root() {
    return root;
  }

  /**
   * The values that the path leads to in {@code document}.
   *
   * @throws PpdbException INVALID_ARGUMENT if the path does not fit the document
   */
  public List<JsonValue> select(JsonValue document) {
    return new JsonPathEvaluator(this, document).select();
  }

  /** The error for a path that does not fit what it is applied to. */
  static PpdbException mismatch(String message) {
    return new PpdbException(ErrorCode.INVALID_ARGUMENT, "jsonpath: " + message);
  }

  /** A part of a path. */
  sealed interface Node {}

  /** {@code $}, the document. */
  record Root() implements Node {}

  /** {@code @}, what a filter looks at. */
  record Current() implements Node {}

  /** {@code last}, the last position of the array that a subscript is for. */
  record Last() implements Node {}

  record Literal(JsonValue value) implements Node {}

  /** {@code .key}; without a key all members. */
  record Member(Node of, @Nullable String key) implements Node {}

  /** {@code .**}: the values at all levels from {@code first} to {@code last} on. */
  record Descendants(Node of, int first, int last) implements Node {}

  /** {@code [from to to, …]}; without ranges all elements. */
  record Elements(Node of, List<Range> ranges) implements Node {}

  /** Positions {@code from … to}; a single one if {@code to} is null. */
  record Range(Node from, @Nullable Node to) {}

  /** {@code ? (condition)}. */
  record Filter(Node of, Node condition) implements Node {}

  /** {@code .name()}. */
  record Method(Node of, String name) implements Node {}

  /** {@code left operator right} of numbers; a sign has no left side. */
  record Arithmetic(char operator, @Nullable Node left, Node right) implements Node {}

  /** {@code left operator right}: a condition. */
  record Compare(String operator, Node left, Node right) implements Node {}

  /** {@code of starts with prefix}. */
  record StartsWith(Node of, Node prefix) implements Node {}

  /** {@code of like_regex "pattern"}. */
  record LikeRegex(Node of, java.util.regex.Pattern pattern) implements Node {}

  record And(Node left, Node right) implements Node {}

  record Or(Node left, Node right) implements Node {}

  record Not(Node condition) implements Node {}

  record Exists(Node of) implements Node {}

  record IsUnknown(Node condition) implements Node {}

  /** Whether {@code node} is a condition, which is true, false or unknown. */
  static boolean isCondition(Node node) {
    return node instanceof Compare
        || node instanceof StartsWith
        || node instanceof LikeRegex
        || node instanceof And
        || node instanceof Or
        || node instanceof Not
        || node instanceof Exists
        || node instanceof IsUnknown;
  }
}

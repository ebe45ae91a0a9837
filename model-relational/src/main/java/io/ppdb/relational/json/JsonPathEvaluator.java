package io.ppdb.relational.json;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Follows one path through one document. Used once. */
final class JsonPathEvaluator {
  /** What a condition may be. */
  private enum Outcome {
    TRUE,
    FALSE,
    UNKNOWN
  }

  private final JsonPath path;
  private final JsonValue document;
  private JsonValue current;

  /** How many elements the array has that a subscript is for; -1 outside of subscripts. */
  private int arraySize = -1;

  JsonPathEvaluator(JsonPath path, JsonValue document) {
    this.path = path;
    this.document = document;
    this.current = document;
  }

  List<JsonValue> select() {
    JsonPath.Node root = path.root();
    if (!JsonPath.isCondition(root)) {
      return values(root);
    }
    return List.of(
        switch (test(root)) {
          case TRUE -> new JsonValue.Truth(true);
          case FALSE -> new JsonValue.Truth(false);
          case UNKNOWN -> JsonValue.Null.INSTANCE;
        });
  }

  private List<JsonValue> values(JsonPath.Node node) {
    if (node instanceof JsonPath.Root) {
      return List.of(document);
    } else if (node instanceof JsonPath.Current) {
      return List.of(current);
    } else if (node instanceof JsonPath.Literal literal) {
      return List.of(literal.value());
    } else if (node instanceof JsonPath.Last) {
      if (arraySize < 0) {
        throw JsonPath.mismatch("\"last\" stands outside of a subscript");
      }
      return List.of(number(BigDecimal.valueOf(arraySize - 1L)));
    } else if (node instanceof JsonPath.Member member) {
      return members(member);
    } else if (node instanceof JsonPath.Descendants descendants) {
      List<JsonValue> result = new ArrayList<>();
      for (JsonValue value : values(descendants.of())) {
        addDescendants(value, 0, descendants, result);
      }
      return result;
    } else if (node instanceof JsonPath.Elements elements) {
      return elements(elements);
    } else if (node instanceof JsonPath.Filter filter) {
      return filtered(filter);
    } else if (node instanceof JsonPath.Method method) {
      return methods(method);
    } else if (node instanceof JsonPath.Arithmetic arithmetic) {
      return arithmetic(arithmetic);
    }
    throw new IllegalStateException("a condition as a value: " + node);
  }

  private List<JsonValue> unwrapped(JsonPath.Node node) {
    List<JsonValue> values = values(node);
    if (path.isStrict()) {
      return values;
    }
    List<JsonValue> result = new ArrayList<>();
    for (JsonValue value : values) {
      if (value instanceof JsonValue.Array array) {
        result.addAll(array.elements());
      } else {
        result.add(value);
      }
    }
    return result;
  }

  private List<JsonValue> members(JsonPath.Member member) {
    List<JsonValue> result = new ArrayList<>();
    String key = member.key();
    for (JsonValue value : unwrapped(member.of())) {
      if (value instanceof JsonValue.Document object) {
        JsonValue found = key == null ? null : object.members().get(key);
        if (key == null) {
          result.addAll(object.members().values());
        } else if (found != null) {
          result.add(found);
        } else if (path.isStrict()) {
          throw JsonPath.mismatch("the object has no key \"" + key + "\"");
        }
      } else if (path.isStrict()) {
        throw JsonPath.mismatch(
            "member access needs an object, seen a value of type " + value.typeName());
      }
    }
    return result;
  }

  private static void addDescendants(
      JsonValue value, int level, JsonPath.Descendants wanted, List<JsonValue> result) {
    boolean leaf = value.isScalar();
    boolean onlyLeaves = wanted.first() == Integer.MAX_VALUE;
    if (onlyLeaves ? leaf : level >= wanted.first()) {
      result.add(value);
    }
    if (level == wanted.last() && !onlyLeaves) {
      return;
    }
    if (value instanceof JsonValue.Array array) {
      array.elements().forEach(part -> addDescendants(part, level + 1, wanted, result));
    } else if (value instanceof JsonValue.Document object) {
      object.members().values().forEach(part -> addDescendants(part, level + 1, wanted, result));
    }
  }

  private List<JsonValue> elements(JsonPath.Elements elements) {
    List<JsonValue> result = new ArrayList<>();
    for (JsonValue value : values(elements.of())) {
      List<JsonValue> array;
      if (value instanceof JsonValue.Array known) {
        array = known.elements();
      } else if (path.isStrict()) {
        throw JsonPath.mismatch(
            "a subscript needs an array, seen a value of type " + value.typeName());
      } else {
        array = List.of(value);
      }
      if (elements.ranges().isEmpty()) {
        result.addAll(array);
      }
      int outer = arraySize;
      arraySize = array.size();
      for (JsonPath.Range range : elements.ranges()) {
        addRange(array, range, result);
      }
      arraySize = outer;
    }
    return result;
  }

  private void addRange(List<JsonValue> array, JsonPath.Range range, List<JsonValue> result) {
    JsonPath.Node to = range.to();
    int first = position(range.from());
    int last = to == null ? first : position(to);
    if (path.isStrict() && (first < 0 || first > last || last >= array.size())) {
      throw JsonPath.mismatch(
          "subscript " + first + " to " + last + " of an array of " + array.size());
    }
    for (int i = Math.max(first, 0); i <= Math.min(last, array.size() - 1); i++) {
      result.add(array.get(i));
    }
  }

  private int position(JsonPath.Node node) {
    List<JsonValue> values = values(node);
    if (values.size() == 1 && values.get(0) instanceof JsonValue.Numeric number) {
      BigDecimal whole = number.value().setScale(0, RoundingMode.DOWN);
      if (whole.precision() < 10) {
        return whole.intValueExact();
      }
    }
    throw JsonPath.mismatch("a subscript must be a single number within the range of integers");
  }

  private List<JsonValue> filtered(JsonPath.Filter filter) {
    List<JsonValue> result = new ArrayList<>();
    JsonValue outer = current;
    for (JsonValue value : unwrapped(filter.of())) {
      current = value;
      if (test(filter.condition()) == Outcome.TRUE) {
        result.add(value);
      }
    }
    current = outer;
    return result;
  }

  private List<JsonValue> methods(JsonPath.Method method) {
    boolean ofArrays = method.name().equals("type") || method.name().equals("size");
    List<JsonValue> result = new ArrayList<>();
    for (JsonValue value : ofArrays ? values(method.of()) : unwrapped(method.of())) {
      switch (method.name()) {
        case "type" -> result.add(new JsonValue.Text(value.typeName()));
        case "size" -> result.add(size(value));
        case "keyvalue" -> addPairs(value, result);
        case "double" -> result.add(number(toDouble(value)));
        case "ceiling" -> result.add(rounded(value, RoundingMode.CEILING, method));
        case "floor" -> result.add(rounded(value, RoundingMode.FLOOR, method));
        default -> result.add(number(operand(value, "abs()").abs()));
      }
    }
    return result;
  }

  private JsonValue size(JsonValue value) {
    if (path.isStrict() && !(value instanceof JsonValue.Array)) {
      throw JsonPath.mismatch("size() needs an array, seen a value of type " + value.typeName());
    }
    return number(
        BigDecimal.valueOf(value instanceof JsonValue.Array array ? array.elements().size() : 1));
  }

  private static void addPairs(JsonValue value, List<JsonValue> result) {
    if (!(value instanceof JsonValue.Document object)) {
      throw JsonPath.mismatch(
          "keyvalue() needs an object, seen a value of type " + value.typeName());
    }
    object
        .members()
        .forEach(
            (key, member) -> {
              NavigableMap<String, JsonValue> pair = JsonValue.newMembers();
              pair.put("key", new JsonValue.Text(key));
              pair.put("value", member);
              pair.put("id", number(BigDecimal.ZERO));
              result.add(new JsonValue.Document(pair));
            });
  }

  private static BigDecimal toDouble(JsonValue value) {
    try {
      if (value instanceof JsonValue.Text text) {
        return plain(new BigDecimal(Double.parseDouble(text.value()), MathContext.DECIMAL64));
      }
      return operand(value, "double()");
    } catch (NumberFormatException e) {
      throw JsonPath.mismatch("double() of a string that is no number");
    }
  }

  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static JsonValue rounded(JsonValue value, RoundingMode mode, JsonPath.Method method) {
    return number(operand(value, method.name() + "()").setScale(0, mode));
  }

  private static BigDecimal operand(JsonValue value, String of) {
    if (value instanceof JsonValue.Numeric number) {
      return number.value();
    }
    throw JsonPath.mismatch(of + " needs a number, seen a value of type " + value.typeName());
  }

  private static JsonValue number(BigDecimal value) {
    return new JsonValue.Numeric(value);
  }

  private List<JsonValue> arithmetic(JsonPath.Arithmetic arithmetic) {
    JsonPath.Node left = arithmetic.left();
    String operator = "operator " + arithmetic.operator();
    if (left == null) {
      List<JsonValue> result = new ArrayList<>();
      for (JsonValue value : unwrapped(arithmetic.right())) {
        BigDecimal number = operand(value, operator);
        result.add(number(arithmetic.operator() == '-' ? number.negate() : number));
      }
      return result;
    }
    BigDecimal a = single(left, operator);
    BigDecimal b = single(arithmetic.right(), operator);
    return List.of(number(compute(arithmetic.operator(), a, b)));
  }

  private BigDecimal single(JsonPath.Node node, String operator) {
    List<JsonValue> values = unwrapped(node);
    if (values.size() != 1) {
      throw JsonPath.mismatch(operator + " needs a single number, seen " + values.size());
    }
    return operand(values.get(0), operator);
  }

  private static BigDecimal compute(char operator, BigDecimal a, BigDecimal b) {
    if ((operator == '/' || operator == '%') && b.signum() == 0) {
      throw new PpdbException(ErrorCode.DIVISION_BY_ZERO, "division by zero in a jsonpath");
    }
    return switch (operator) {
      case '+' -> a.add(b);
      case '-' -> a.subtract(b);
      case '*' -> a.multiply(b);
      case '/' -> a.divide(b, Math.max(16, Math.max(a.scale(), b.scale())), RoundingMode.HALF_UP);
      default -> a.remainder(b);
    };
  }

  /** Errors within a condition make it unknown. */
  private Outcome test(JsonPath.Node node) {
    JsonValue outer = current;
    int outerSize = arraySize;
    try {
      return outcome(node);
    } catch (PpdbException e) {
      current = outer;
      arraySize = outerSize;
      return Outcome.UNKNOWN;
    }
  }

  private Outcome outcome(JsonPath.Node node) {
    if (node instanceof JsonPath.And and) {
      Outcome left = test(and.left());
      Outcome right = left == Outcome.FALSE ? left : test(and.right());
      return right == Outcome.FALSE ? right : left == Outcome.TRUE ? right : left;
    } else if (node instanceof JsonPath.Or or) {
      Outcome left = test(or.left());
      Outcome right = left == Outcome.TRUE ? left : test(or.right());
      return right == Outcome.TRUE ? right : left == Outcome.FALSE ? right : left;
    } else if (node instanceof JsonPath.Not not) {
      return switch (test(not.condition())) {
        case TRUE -> Outcome.FALSE;
        case FALSE -> Outcome.TRUE;
        case UNKNOWN -> Outcome.UNKNOWN;
      };
    } else if (node instanceof JsonPath.Exists exists) {
      return of(!values(exists.of()).isEmpty());
    } else if (node instanceof JsonPath.IsUnknown isUnknown) {
      return of(test(isUnknown.condition()) == Outcome.UNKNOWN);
    } else if (node instanceof JsonPath.Compare compare) {
      return anyPair(
          unwrapped(compare.left()),
          unwrapped(compare.right()),
          (left, right) -> compared(compare.operator(), left, right));
    } else if (node instanceof JsonPath.StartsWith startsWith) {
      return anyPair(
          unwrapped(startsWith.of()),
          values(startsWith.prefix()),
          (left, right) ->
              left instanceof JsonValue.Text text && right instanceof JsonValue.Text prefix
                  ? of(text.value().startsWith(prefix.value()))
                  : Outcome.UNKNOWN);
    }
    JsonPath.LikeRegex like = (JsonPath.LikeRegex) node;
    return anyPair(
        unwrapped(like.of()),
        List.of(JsonValue.Null.INSTANCE),
        (left, right) ->
            left instanceof JsonValue.Text text
                ? of(like.pattern().matcher(text.value()).find())
                : Outcome.UNKNOWN);
  }

  private static Outcome of(boolean truth) {
    return truth ? Outcome.TRUE : Outcome.FALSE;
  }

  /** A condition on two values. */
  @FunctionalInterface
  private interface PairTest {
    Outcome test(JsonValue left, JsonValue right);
  }

  /**
   * Whether the condition holds for any pair; a pair that it is unknown for spoils a strict one.
   */
  private Outcome anyPair(List<JsonValue> left, List<JsonValue> right, PairTest test) {
    boolean found = false;
    boolean unknown = false;
    for (JsonValue a : left) {
      for (JsonValue b : right) {
        Outcome outcome = test.test(a, b);
        unknown |= outcome == Outcome.UNKNOWN;
        found |= outcome == Outcome.TRUE;
        if (unknown && path.isStrict()) {
          return Outcome.UNKNOWN;
        }
        if (found && !path.isStrict()) {
          return Outcome.TRUE;
        }
      }
    }
    return found ? Outcome.TRUE : unknown ? Outcome.UNKNOWN : Outcome.FALSE;
  }

  /** Scalars of one type compare; null differs from all else; other pairs are unknown. */
  private static Outcome compared(String operator, JsonValue left, JsonValue right) {
    if (left.getClass() != right.getClass()) {
      return left instanceof JsonValue.Null || right instanceof JsonValue.Null
          ? of(operator.equals("!=") || operator.equals("<>"))
          : Outcome.UNKNOWN;
    }
    if (!left.isScalar()) {
      return Outcome.UNKNOWN;
    }
    int order = JsonComparison.compare(left, right);
    return of(
        switch (operator) {
          case "==" -> order == 0;
          case "!=", "<>" -> order != 0;
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          default -> order >= 0;
        });
  }
}

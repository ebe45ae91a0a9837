package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Text as it stands in statements, by a format, or for bytes: quoting, format, encode, digests. */
public final class QuotingFunctions {
  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_$]*");

  private QuotingFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("QUOTE_IDENT", (c, a) -> text(c, a, QuotingFunctions::name));
    functions.put("QUOTE_LITERAL", (c, a) -> text(c, a, QuotingFunctions::literal));
    functions.put("QUOTE_NULLABLE", QuotingFunctions::quoteNullable);
    functions.put("FORMAT", QuotingFunctions::format);
    functions.put("TO_HEX", QuotingFunctions::toHex);
    functions.put("ENCODE", QuotingFunctions::encode);
    functions.put("DECODE", QuotingFunctions::decode);
    for (String bits : new String[] {"224", "256", "384", "512"}) {
      functions.put("SHA" + bits, (c, a) -> digest(c, a, "SHA-" + bits));
    }
    functions.put("NUM_NULLS", (c, a) -> count(c, a, true));
    functions.put("NUM_NONNULLS", (c, a) -> count(c, a, false));
  }

  /** A function of one text. */
  @FunctionalInterface
  private interface TextFunction {
    String apply(String text);
  }

  private static VectorExpression text(
      ExpressionCompiler compiler, VectorExpression[] a, TextFunction function) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) ->
                ((BytesVector) r).setString(i, function.apply(((BytesVector) v[0]).getString(i)))),
        StringFunctions.text(compiler, a[0]));
  }

  /** A name as SQL writes it: in quotes unless it is plain. */
  public static String name(String text) {
    return PLAIN_NAME.matcher(text).matches() ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    String quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
    return text.indexOf('\\') >= 0 ? "E" + quoted : quoted;
  }

  private static VectorExpression quoteNullable(ExpressionCompiler compiler, VectorExpression[] a) {
    return new NullableCall(
        ColumnType.TEXT,
        compiler.context(),
        (v, i, r) ->
            ((BytesVector) r)
                .setString(i, v[0].isNull(i) ? "NULL" : literal(((BytesVector) v[0]).getString(i))),
        StringFunctions.text(compiler, a[0]));
  }

  private static VectorExpression format(ExpressionCompiler compiler, VectorExpression[] a) {
    VectorExpression[] texts = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      texts[i] = StringFunctions.text(compiler, a[i]);
    }
    return new NullableCall(
        ColumnType.TEXT,
        compiler.context(),
        (v, i, r) -> {
          if (v[0].isNull(i)) {
            r.setNull(i);
          } else {
            ((BytesVector) r).setString(i, new Format(v, i).run());
          }
        },
        texts);
  }

  /** One format at work: {@code %[position$][-][width]type}, the types being s, I and L. */
  private static final class Format {
    private final Vector[] arguments;
    private final int row;
    private final String format;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int nextArgument = 1;

    Format(Vector[] arguments, int row) {
      this.arguments = arguments;
      this.row = row;
      this.format = ((BytesVector) arguments[0]).getString(row);
    }

    String run() {
      while (at < format.length()) {
        char c = format.charAt(at++);
        if (c != '%') {
          out.append(c);
        } else if (peek() == '%') {
          out.append('%');
          at++;
        } else {
          specifier();
        }
      }
      return out.toString();
    }

    private char peek() {
      if (at >= format.length()) {
        throw Errors.invalidArgument("unterminated format() type specifier");
      }
      return format.charAt(at);
    }

    private void specifier() {
      int number = number();
      int argument = nextArgument;
      int width = -1;
      boolean left = false;
      if (number >= 0 && peek() == '$') {
        at++;
        argument = number;
        number = -1;
      }
      if (number < 0) {
        while (peek() == '-') {
          left = true;
          at++;
        }
        width = number();
      } else {
        width = number;
      }
      if (peek() == '*') {
        at++;
        String text = argument(argument++);
        width = text.isEmpty() ? 0 : Integer.parseInt(text);
        left |= width < 0;
        width = Math.abs(width);
      }
      char type = peek();
      at++;
      nextArgument = argument + 1;
      append(value(type, argument), width, left);
    }

    private int number() {
      int start = at;
      while (Character.isDigit(peek())) {
        at++;
      }
      try {
        return start == at ? -1 : Integer.parseInt(format.substring(start, at));
      } catch (NumberFormatException e) {
        throw Errors.invalidArgument("number is out of range in format: " + format);
      }
    }

    private String argument(int argument) {
      if (argument < 1 || argument >= arguments.length) {
        throw Errors.invalidArgument("too few arguments for format(): " + format);
      }
      return arguments[argument].isNull(row)
          ? ""
          : ((BytesVector) arguments[argument]).getString(row);
    }

    private String value(char type, int argument) {
      String text = argument(argument);
      boolean missing = arguments[argument].isNull(row);
      return switch (type) {
        case 's' -> text;
        case 'I' -> {
          if (missing) {
            throw Errors.invalidArgument("null values cannot be formatted as an SQL identifier");
          }
          yield name(text);
        }
        case 'L' -> missing ? "NULL" : literal(text);
        default ->
            throw Errors.invalidArgument("unrecognized format() type specifier \"" + type + "\"");
      };
    }

    private void append(String text, int width, boolean left) {
      int padding = Math.max(0, width - text.codePointCount(0, text.length()));
      out.append(left ? "" : " ".repeat(padding))
          .append(text)
          .append(left ? " ".repeat(padding) : "");
    }
  }

  private static VectorExpression toHex(ExpressionCompiler compiler, VectorExpression[] a) {
    boolean narrow = a[0].type().kind() != TypeKind.BIGINT;
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              long value = ((LongVector) v[0]).get(i);
              ((BytesVector) r)
                  .setString(
                      i, narrow ? Integer.toHexString((int) value) : Long.toHexString(value));
            }),
        compiler.cast(a[0], ColumnType.BIGINT));
  }

  private static VectorExpression encode(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              byte[] bytes = ((BytesVector) v[0]).get(i);
              String format = ((BytesVector) v[1]).getString(i);
              String text =
                  switch (format.toLowerCase(Locale.ROOT)) {
                    case "hex" -> HexFormat.of().formatHex(bytes);
                    case "base64" ->
                        Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes);
                    case "escape" -> escaped(bytes);
                    default ->
                        throw Errors.invalidArgument("unrecognized encoding: \"" + format + "\"");
                  };
              ((BytesVector) r).setString(i, text);
            }),
        compiler.cast(a[0], ColumnType.BYTEA),
        StringFunctions.text(compiler, a[1]));
  }

  private static String escaped(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      int value = b & 0xFF;
      if (value == '\\') {
        out.append("\\\\");
      } else if (value == 0 || value > 127) {
        out.append(String.format(Locale.ROOT, "\\%03o", value));
      } else {
        out.append((char) value);
      }
    }
    return out.toString();
  }

  private static VectorExpression decode(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.BYTEA,
        Kernel.of(
            (v, i, r) -> {
              String text = ((BytesVector) v[0]).getString(i);
              String format = ((BytesVector) v[1]).getString(i);
              try {
                byte[] bytes =
                    switch (format.toLowerCase(Locale.ROOT)) {
                      case "hex" -> HexFormat.of().parseHex(text.replaceAll("\\s", ""));
                      case "base64" -> Base64.getDecoder().decode(text.replaceAll("\\s", ""));
                      default ->
                          throw Errors.invalidArgument("unrecognized encoding: \"" + format + "\"");
                    };
                ((BytesVector) r).set(i, bytes);
              } catch (IllegalArgumentException e) {
                throw Errors.invalidArgument("invalid " + format + " data: \"" + text + "\"");
              }
            }),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]));
  }

  private static VectorExpression digest(
      ExpressionCompiler compiler, VectorExpression[] a, String algorithm) {
    return compiler.strict(
        ColumnType.BYTEA,
        Kernel.of(
            (v, i, r) -> {
              try {
                ((BytesVector) r)
                    .set(
                        i,
                        MessageDigest.getInstance(algorithm).digest(((BytesVector) v[0]).get(i)));
              } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has " + algorithm, e);
              }
            }),
        compiler.cast(a[0], ColumnType.BYTEA));
  }

  private static VectorExpression count(
      ExpressionCompiler compiler, VectorExpression[] a, boolean nulls) {
    return compiler.cast(
        new NullableCall(
            ColumnType.INTEGER,
            compiler.context(),
            (v, i, r) -> {
              int count = 0;
              for (Vector argument : v) {
                count += argument.isNull(i) == nulls ? 1 : 0;
              }
              ((IntVector) r).set(i, count);
            },
            a),
        ColumnType.INTEGER);
  }
}

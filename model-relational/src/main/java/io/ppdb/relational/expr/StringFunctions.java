package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions on text. Positions and lengths count characters (code points), from 1. */
final class StringFunctions {
  /** Longest string that a function builds. */
  private static final int MAX_RESULT_BYTES = 1 << 30;

  private StringFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("||", StringFunctions::concatenate);
    functions.put("UPPER", (c, a) -> mapText(c, a, text -> text.toUpperCase(Locale.ROOT)));
    functions.put("LOWER", (c, a) -> mapText(c, a, text -> text.toLowerCase(Locale.ROOT)));
    functions.put("INITCAP", (c, a) -> mapText(c, a, StringFunctions::capitalise));
    functions.put(
        "REVERSE", (c, a) -> mapText(c, a, t -> new StringBuilder(t).reverse().toString()));
    functions.put("MD5", StringFunctions::md5);
    functions.put("LENGTH", StringFunctions::length);
    functions.put("CHAR_LENGTH", StringFunctions::length);
    functions.put("CHARACTER_LENGTH", StringFunctions::length);
    functions.put("OCTET_LENGTH", (c, a) -> byteLength(c, a, 1));
    functions.put("BIT_LENGTH", (c, a) -> byteLength(c, a, 8));
    functions.put("SUBSTRING", StringFunctions::substring);
    functions.put("SUBSTR", StringFunctions::substring);
    functions.put("POSITION", (c, a) -> position(c, a[0], a[1]));
    functions.put("STRPOS", (c, a) -> position(c, a[1], a[0]));
    functions.put("LTRIM", (c, a) -> trim(c, true, false, a[0], a.length > 1 ? a[1] : null));
    functions.put("RTRIM", (c, a) -> trim(c, false, true, a[0], a.length > 1 ? a[1] : null));
    functions.put("BTRIM", (c, a) -> trim(c, true, true, a[0], a.length > 1 ? a[1] : null));
    functions.put("LPAD", (c, a) -> pad(c, a, true));
    functions.put("RPAD", (c, a) -> pad(c, a, false));
    functions.put("REPLACE", StringFunctions::replace);
    functions.put("TRANSLATE", StringFunctions::translate);
    functions.put("TRANSLATE3", StringFunctions::translate);
    functions.put("LEFT", (c, a) -> leftOrRight(c, a, true));
    functions.put("RIGHT", (c, a) -> leftOrRight(c, a, false));
    functions.put("REPEAT", StringFunctions::repeat);
    functions.put("SPLIT_PART", StringFunctions::splitPart);
    functions.put("STARTS_WITH", StringFunctions::startsWith);
    functions.put("ASCII", StringFunctions::codePoint);
    functions.put("CHR", StringFunctions::character);
    functions.put("CONCAT", (c, a) -> new ConcatSkippingNulls(texts(c, a), false));
    functions.put("CONCAT_WS", (c, a) -> new ConcatSkippingNulls(texts(c, a), true));
    functions.put("OVERLAY", StringFunctions::overlay);
  }

  private static VectorExpression[] texts(ExpressionCompiler compiler, VectorExpression[] a) {
    VectorExpression[] cast = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      cast[i] = text(compiler, a[i]);
    }
    return cast;
  }

  /** The argument as text; text of limited length is text as it is. */
  static VectorExpression text(ExpressionCompiler compiler, VectorExpression argument) {
    return argument.type().kind() == TypeKind.VARCHAR
        ? argument
        : compiler.cast(argument, ColumnType.TEXT);
  }

  private static VectorExpression integer(ExpressionCompiler compiler, VectorExpression argument) {
    return compiler.cast(argument, ColumnType.INTEGER);
  }

  private static VectorExpression mapText(
      ExpressionCompiler compiler, VectorExpression[] a, UnaryOperator<String> function) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) ->
                ((BytesVector) r).setString(i, function.apply(((BytesVector) v[0]).getString(i)))),
        text(compiler, a[0]));
  }

  private static String capitalise(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
      start = !Character.isLetterOrDigit(c);
    }
    return out.toString();
  }

  private static VectorExpression md5(ExpressionCompiler compiler, VectorExpression[] a) {
    VectorExpression argument = a[0].type().kind() == TypeKind.BYTEA ? a[0] : text(compiler, a[0]);
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              try {
                MessageDigest digest = MessageDigest.getInstance("MD5");
                byte[] hash = digest.digest(((BytesVector) v[0]).get(i));
                ((BytesVector) r).setString(i, HexFormat.of().formatHex(hash));
              } catch (NoSuchAlgorithmException e) {
                throw Errors.notSupported("md5: this Java platform has no MD5");
              }
            }),
        argument);
  }

  /** || of text, or of bytea with bytea; other types are written as text first. */
  private static VectorExpression concatenate(ExpressionCompiler compiler, VectorExpression[] a) {
    if (a[0].type().kind() == TypeKind.JSON && a[1].type().kind() == TypeKind.JSON) {
      return JsonFunctions.concat(compiler, a);
    }
    if (a[0].type().kind() == TypeKind.ARRAY || a[1].type().kind() == TypeKind.ARRAY) {
      return ArrayFunctions.concat(compiler, a[0], a[1]);
    }
    boolean bytes = a[0].type().kind() == TypeKind.BYTEA && a[1].type().kind() == TypeKind.BYTEA;
    return compiler.strict(
        bytes ? ColumnType.BYTEA : ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              BytesVector left = (BytesVector) v[0];
              BytesVector right = (BytesVector) v[1];
              BytesVector out = (BytesVector) r;
              int leftLength = left.lengths()[i];
              int rightLength = right.lengths()[i];
              int start = out.reserve(Math.addExact(leftLength, rightLength));
              System.arraycopy(left.arena(), left.starts()[i], out.arena(), start, leftLength);
              System.arraycopy(
                  right.arena(), right.starts()[i], out.arena(), start + leftLength, rightLength);
              out.commit(i, start, leftLength + rightLength);
            }),
        bytes ? a : texts(compiler, a));
  }

  private static VectorExpression length(ExpressionCompiler compiler, VectorExpression[] a) {
    if (a[0].type().kind() == TypeKind.BYTEA) {
      return byteLength(compiler, a, 1);
    }
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              BytesVector text = (BytesVector) v[0];
              ((IntVector) r).set(i, Utf8.count(text.arena(), text.starts()[i], text.lengths()[i]));
            }),
        text(compiler, a[0]));
  }

  private static VectorExpression byteLength(
      ExpressionCompiler compiler, VectorExpression[] a, int factor) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of((v, i, r) -> ((IntVector) r).set(i, ((BytesVector) v[0]).lengths()[i] * factor)),
        a[0].type().kind() == TypeKind.BYTEA ? a[0] : text(compiler, a[0]));
  }

  /** substring(text, from[, count]) shares the bytes of its argument. */
  private static VectorExpression substring(ExpressionCompiler compiler, VectorExpression[] a) {
    VectorExpression from = compiler.cast(a[1], ColumnType.INTEGER);
    boolean bytes = a[0].type().kind() == TypeKind.BYTEA;
    VectorExpression[] arguments =
        a.length == 2
            ? new VectorExpression[] {bytes ? a[0] : text(compiler, a[0]), from}
            : new VectorExpression[] {
              bytes ? a[0] : text(compiler, a[0]), from, integer(compiler, a[2])
            };
    return compiler.strict(
        bytes ? ColumnType.BYTEA : ColumnType.TEXT,
        (v, selection, count, result) -> {
          BytesVector text = (BytesVector) v[0];
          BytesVector out = (BytesVector) result;
          out.shareArena(text);
          for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection[i];
            long first = ((IntVector) v[1]).get(position);
            long end = Long.MAX_VALUE;
            if (v.length == 3) {
              int length = ((IntVector) v[2]).get(position);
              if (length < 0) {
                throw Errors.invalidArgument("negative substring length not allowed: " + length);
              }
              end = first + length;
            }
            slice(text, position, Math.max(first, 1), end, bytes, out);
          }
        },
        arguments);
  }

  /** Lets {@code out} show the characters (or bytes) from {@code first} to before {@code end}. */
  private static void slice(
      BytesVector text, int position, long first, long end, boolean bytes, BytesVector out) {
    byte[] arena = text.arena();
    int start = text.starts()[position];
    int length = text.lengths()[position];
    int skipped = (int) Math.min(first - 1, length);
    int wanted = (int) Math.max(0, Math.min(end - first, length));
    int skippedBytes = bytes ? skipped : Utf8.prefixLength(arena, start, length, skipped);
    int rest = length - skippedBytes;
    int wantedBytes =
        bytes
            ? Math.min(wanted, rest)
            : Utf8.prefixLength(arena, start + skippedBytes, rest, wanted);
    out.setSlice(position, start + skippedBytes, wantedBytes);
  }

  private static VectorExpression position(
      ExpressionCompiler compiler, VectorExpression part, VectorExpression whole) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              BytesVector needle = (BytesVector) v[0];
              BytesVector text = (BytesVector) v[1];
              int start = text.starts()[i];
              int found =
                  Bytes.indexOf(
                      text.arena(),
                      start,
                      text.lengths()[i],
                      needle.arena(),
                      needle.starts()[i],
                      needle.lengths()[i]);
              ((IntVector) r)
                  .set(i, found < 0 ? 0 : Utf8.count(text.arena(), start, found - start) + 1);
            }),
        text(compiler, part),
        text(compiler, whole));
  }

  /**
   * Cuts characters of a set (spaces if null) off one or both ends; shares the argument's bytes.
   */
  static VectorExpression trim(
      ExpressionCompiler compiler,
      boolean left,
      boolean right,
      VectorExpression argument,
      @Nullable VectorExpression characters) {
    VectorExpression set =
        characters == null ? new Constant(ColumnType.TEXT, " ") : text(compiler, characters);
    return compiler.strict(
        ColumnType.TEXT,
        (v, selection, count, result) -> {
          BytesVector text = (BytesVector) v[0];
          ((BytesVector) result).shareArena(text);
          for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection[i];
            trim(text, (BytesVector) v[1], position, left, right, (BytesVector) result);
          }
        },
        text(compiler, argument),
        set);
  }

  private static void trim(
      BytesVector text,
      BytesVector set,
      int position,
      boolean left,
      boolean right,
      BytesVector out) {
    byte[] arena = text.arena();
    int start = text.starts()[position];
    int end = start + text.lengths()[position];
    while (left && start < end) {
      int next = Utf8.next(arena, start, end);
      if (!contains(set, position, arena, start, next - start)) {
        break;
      }
      start = next;
    }
    while (right && end > start) {
      int last = end - 1;
      while (last > start && Utf8.isContinuation(arena[last])) {
        last--;
      }
      if (!contains(set, position, arena, last, end - last)) {
        break;
      }
      end = last;
    }
    out.setSlice(position, start, end - start);
  }

  /** Whether the set of characters at {@code position} holds the character given by its bytes. */
  private static boolean contains(
      BytesVector set, int position, byte[] bytes, int start, int length) {
    return Bytes.indexOf(
            set.arena(), set.starts()[position], set.lengths()[position], bytes, start, length)
        >= 0;
  }

  private static VectorExpression pad(
      ExpressionCompiler compiler, VectorExpression[] a, boolean left) {
    VectorExpression fill =
        a.length == 3 ? text(compiler, a[2]) : new Constant(ColumnType.TEXT, " ");
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              String text = ((BytesVector) v[0]).getString(i);
              int length = Math.max(0, ((IntVector) v[1]).get(i));
              checkLength(length);
              String filler = ((BytesVector) v[2]).getString(i);
              ((BytesVector) r).setString(i, pad(text, length, filler, left));
            }),
        text(compiler, a[0]),
        integer(compiler, a[1]),
        fill);
  }

  private static String pad(String text, int length, String filler, boolean left) {
    int characters = text.codePointCount(0, text.length());
    if (characters >= length) {
      return text.substring(0, text.offsetByCodePoints(0, length));
    }
    if (filler.isEmpty()) {
      return text;
    }
    int[] fill = filler.codePoints().toArray();
    StringBuilder padding = new StringBuilder();
    for (int i = 0; i < length - characters; i++) {
      padding.appendCodePoint(fill[i % fill.length]);
    }
    return left ? padding + text : text + padding;
  }

  private static VectorExpression replace(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              String from = ((BytesVector) v[1]).getString(i);
              String text = ((BytesVector) v[0]).getString(i);
              ((BytesVector) r)
                  .setString(
                      i,
                      from.isEmpty()
                          ? text
                          : text.replace(from, ((BytesVector) v[2]).getString(i)));
            }),
        texts(compiler, a));
  }

  private static VectorExpression translate(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              int[] from = ((BytesVector) v[1]).getString(i).codePoints().toArray();
              int[] to = ((BytesVector) v[2]).getString(i).codePoints().toArray();
              StringBuilder out = new StringBuilder();
              ((BytesVector) v[0])
                  .getString(i)
                  .codePoints()
                  .forEach(
                      c -> {
                        int index = 0;
                        while (index < from.length && from[index] != c) {
                          index++;
                        }
                        if (index == from.length) {
                          out.appendCodePoint(c);
                        } else if (index < to.length) {
                          out.appendCodePoint(to[index]);
                        }
                      });
              ((BytesVector) r).setString(i, out.toString());
            }),
        texts(compiler, a));
  }

  /** left(text, n) and right(text, n); a negative n leaves out that many at the other end. */
  private static VectorExpression leftOrRight(
      ExpressionCompiler compiler, VectorExpression[] a, boolean left) {
    return compiler.strict(
        ColumnType.TEXT,
        (v, selection, count, result) -> {
          BytesVector text = (BytesVector) v[0];
          BytesVector out = (BytesVector) result;
          out.shareArena(text);
          for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection[i];
            long wanted = ((IntVector) v[1]).get(position);
            long characters =
                Utf8.count(text.arena(), text.starts()[position], text.lengths()[position]);
            long kept =
                wanted >= 0 ? Math.min(wanted, characters) : Math.max(0, characters + wanted);
            long first = left ? 1 : characters - kept + 1;
            slice(text, position, first, first + kept, false, out);
          }
        },
        text(compiler, a[0]),
        integer(compiler, a[1]));
  }

  private static VectorExpression repeat(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              BytesVector text = (BytesVector) v[0];
              long times = Math.max(0, ((IntVector) v[1]).get(i));
              checkLength(times * text.lengths()[i]);
              ((BytesVector) r).setString(i, text.getString(i).repeat((int) times));
            }),
        text(compiler, a[0]),
        integer(compiler, a[1]));
  }

  private static void checkLength(long bytes) {
    if (bytes > MAX_RESULT_BYTES) {
      throw Errors.invalidArgument(
          "requested length too large: " + bytes + "; at most " + MAX_RESULT_BYTES);
    }
  }

  private static VectorExpression splitPart(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              String text = ((BytesVector) v[0]).getString(i);
              String delimiter = ((BytesVector) v[1]).getString(i);
              ((BytesVector) r).setString(i, splitPart(text, delimiter, ((IntVector) v[2]).get(i)));
            }),
        text(compiler, a[0]),
        text(compiler, a[1]),
        integer(compiler, a[2]));
  }

  private static String splitPart(String text, String delimiter, int field) {
    if (field == 0) {
      throw Errors.invalidArgument("field position must not be zero");
    }
    if (delimiter.isEmpty()) {
      return field == 1 || field == -1 ? text : "";
    }
    java.util.List<String> parts = new java.util.ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter, start)) {
      parts.add(text.substring(start, end));
      start = end + delimiter.length();
    }
    parts.add(text.substring(start));
    int index = field > 0 ? field - 1 : parts.size() + field;
    return index >= 0 && index < parts.size() ? parts.get(index) : "";
  }

  private static VectorExpression startsWith(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.BOOLEAN,
        Kernel.of(
            (v, i, r) -> {
              BytesVector text = (BytesVector) v[0];
              BytesVector prefix = (BytesVector) v[1];
              int start = text.starts()[i];
              int length = prefix.lengths()[i];
              ((BooleanVector) r)
                  .set(
                      i,
                      length <= text.lengths()[i]
                          && Arrays.equals(
                              text.arena(),
                              start,
                              start + length,
                              prefix.arena(),
                              prefix.starts()[i],
                              prefix.starts()[i] + length));
            }),
        texts(compiler, a));
  }

  private static VectorExpression codePoint(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) -> {
              String text = ((BytesVector) v[0]).getString(i);
              ((IntVector) r).set(i, text.isEmpty() ? 0 : text.codePointAt(0));
            }),
        text(compiler, a[0]));
  }

  private static VectorExpression character(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              int code = ((IntVector) v[0]).get(i);
              if (code <= 0 || !Character.isValidCodePoint(code)) {
                throw Errors.invalidArgument("requested character not valid: " + code);
              }
              ((BytesVector) r).setString(i, Character.toString(code));
            }),
        integer(compiler, a[0]));
  }

  private static VectorExpression overlay(ExpressionCompiler compiler, VectorExpression[] a) {
    boolean withLength = a.length == 4;
    VectorExpression[] arguments =
        withLength
            ? new VectorExpression[] {
              text(compiler, a[0]),
              text(compiler, a[1]),
              integer(compiler, a[2]),
              integer(compiler, a[3])
            }
            : new VectorExpression[] {
              text(compiler, a[0]), text(compiler, a[1]), integer(compiler, a[2])
            };
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              int[] text = ((BytesVector) v[0]).getString(i).codePoints().toArray();
              String replacement = ((BytesVector) v[1]).getString(i);
              int first = ((IntVector) v[2]).get(i);
              if (first < 1) {
                throw Errors.invalidArgument("negative substring length not allowed: " + first);
              }
              int length =
                  withLength
                      ? ((IntVector) v[3]).get(i)
                      : replacement.codePointCount(0, replacement.length());
              int before = Math.min(first - 1, text.length);
              int after = (int) Math.min(Math.max((long) first - 1 + length, 0), text.length);
              ((BytesVector) r)
                  .setString(
                      i,
                      new String(text, 0, before)
                          + replacement
                          + new String(text, after, text.length - after));
            }),
        arguments);
  }

  /** concat and concat_ws: NULL arguments count as if they were not there. */
  private static final class ConcatSkippingNulls extends VectorExpression {
    private final VectorExpression[] arguments;
    private final boolean withSeparator;
    private final BytesVector result = new BytesVector(ColumnType.TEXT, 0);

    ConcatSkippingNulls(VectorExpression[] arguments, boolean withSeparator) {
      super(ColumnType.TEXT);
      this.arguments = arguments;
      this.withSeparator = withSeparator;
    }

    @Override
    public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
      BytesVector[] values = new BytesVector[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (BytesVector) arguments[i].evaluate(batch, selection, count);
      }
      result.reset(batch.rowCount());
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        if (withSeparator && values[0].isNull(position)) {
          result.setNull(position);
          continue;
        }
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (int j = withSeparator ? 1 : 0; j < values.length; j++) {
          if (!values[j].isNull(position)) {
            if (withSeparator && !first) {
              out.append(values[0].getString(position));
            }
            out.append(values[j].getString(position));
            first = false;
          }
        }
        result.set(position, out.toString().getBytes(StandardCharsets.UTF_8));
      }
      return result;
    }
  }
}

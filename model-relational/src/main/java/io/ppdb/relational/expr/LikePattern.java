package io.ppdb.relational.expr;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled LIKE pattern over UTF-8 bytes: literal pieces between {@code %}, in which {@code _}
 * stands for one character.
 *
 * <p>Matching goes from piece to piece and never backtracks over a {@code %}: the first piece is
 * anchored at the start, the last at the end, each other is searched for behind the one before it.
 */
final class LikePattern {
  /** Stands for one character in a piece; no UTF-8 text contains this byte. */
  private static final byte ANY = (byte) 0xFF;

  private final byte[][] pieces;
  private final boolean plain; // no piece contains ANY

  private LikePattern(byte[][] pieces) {
    this.pieces = pieces;
    boolean any = false;
    for (byte[] piece : pieces) {
      for (byte b : piece) {
        any |= b == ANY;
      }
    }
    this.plain = !any;
  }

  /**
   * Compiles a pattern.
   *
   * @param escape the character that makes the next one literal, or null for none
   */
  static LikePattern compile(String pattern, @Nullable Integer escape) {
    List<byte[]> pieces = new ArrayList<>();
    java.io.ByteArrayOutputStream piece = new java.io.ByteArrayOutputStream();
    int[] characters = pattern.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      int c = characters[i];
      if (escape != null && c == escape) {
        if (++i == characters.length) {
          throw Errors.invalidArgument("LIKE pattern must not end with escape character");
        }
        piece.writeBytes(Character.toString(characters[i]).getBytes(StandardCharsets.UTF_8));
      } else if (c == '%') {
        pieces.add(piece.toByteArray());
        piece.reset();
      } else if (c == '_') {
        piece.write(ANY);
      } else {
        piece.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    pieces.add(piece.toByteArray());
    return new LikePattern(pieces.toArray(byte[][]::new));
  }

  /** Whether {@code bytes[start, start + length)} matches as a whole. */
  boolean matches(byte[] bytes, int start, int length) {
    int end = start + length;
    byte[] first = pieces[0];
    if (pieces.length == 1) {
      return matchAt(first, bytes, start, end) == end;
    }
    int index = matchAt(first, bytes, start, end);
    if (index < 0) {
      return false;
    }
    for (int i = 1; i < pieces.length - 1; i++) {
      index = find(pieces[i], bytes, index, end);
      if (index < 0) {
        return false;
      }
    }
    return endsWith(pieces[pieces.length - 1], bytes, index, end);
  }

  /** The index behind a piece that matches at {@code index}, or -1. */
  private int matchAt(byte[] piece, byte[] bytes, int index, int end) {
    if (plain) {
      int after = index + piece.length;
      return after <= end && Arrays.equals(bytes, index, after, piece, 0, piece.length)
          ? after
          : -1;
    }
    int at = index;
    for (byte b : piece) {
      if (at >= end) {
        return -1;
      }
      if (b == ANY) {
        at = Utf8.next(bytes, at, end);
      } else if (bytes[at++] != b) {
        return -1;
      }
    }
    return at;
  }

  /** The index behind the first match of a piece at or after {@code index}, or -1. */
  private int find(byte[] piece, byte[] bytes, int index, int end) {
    if (plain) {
      int found = Bytes.indexOf(bytes, index, end - index, piece, 0, piece.length);
      return found < 0 ? -1 : found + piece.length;
    }
    for (int at = index; at <= end; at = at < end ? Utf8.next(bytes, at, end) : end + 1) {
      int after = matchAt(piece, bytes, at, end);
      if (after >= 0) {
        return after;
      }
    }
    return -1;
  }

  private boolean endsWith(byte[] piece, byte[] bytes, int index, int end) {
    if (plain) {
      int start = end - piece.length;
      return start >= index && Arrays.equals(bytes, start, end, piece, 0, piece.length);
    }
    for (int at = index; at <= end; at = at < end ? Utf8.next(bytes, at, end) : end + 1) {
      if (matchAt(piece, bytes, at, end) == end) {
        return true;
      }
    }
    return false;
  }
}

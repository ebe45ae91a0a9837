package io.ppdb.relational.access;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a role may be granted on an object. Sets of them are bits; letters are stored. */
public enum Privilege {
  INSERT('a', 1 << 0),
  SELECT('r', 1 << 1),
  UPDATE('w', 1 << 2),
  DELETE('d', 1 << 3),
  TRUNCATE('D', 1 << 4),
  REFERENCES('x', 1 << 5),
  TRIGGER('t', 1 << 6),
  USAGE('U', 1 << 7),
  CREATE('C', 1 << 8),
  CONNECT('c', 1 << 9),
  TEMPORARY('T', 1 << 10);

  private final char letter;
  private final int bit;

  Privilege(char letter, int bit) {
    this.letter = letter;
    this.bit = bit;
  }

  /** The set of this one alone. */
  public int bit() {
    return bit;
  }

  /** The set of some. */
  public static int bits(Privilege... privileges) {
    int bits = 0;
    for (Privilege privilege : privileges) {
      bits |= privilege.bit();
    }
    return bits;
  }

  /** The members of a set, in their order. */
  public static List<Privilege> in(int bits) {
    List<Privilege> found = new ArrayList<>();
    for (Privilege privilege : values()) {
      if ((bits & privilege.bit()) != 0) {
        found.add(privilege);
      }
    }
    return found;
  }

  /** A set as it is stored: the letters of its members. */
  public static String letters(int bits) {
    StringBuilder letters = new StringBuilder();
    in(bits).forEach(privilege -> letters.append(privilege.letter));
    return letters.toString();
  }

  /** A set from its letters; FORMAT_NOT_SUPPORTED if there is one this version does not know. */
  public static int ofLetters(String letters) {
    int bits = 0;
    for (int i = 0; i < letters.length(); i++) {
      bits |= ofLetter(letters.charAt(i)).bit();
    }
    return bits;
  }

  private static Privilege ofLetter(char letter) {
    for (Privilege privilege : values()) {
      if (privilege.letter == letter) {
        return privilege;
      }
    }
    throw new PpdbException(
        ErrorCode.FORMAT_NOT_SUPPORTED,
        "grant of privilege '" + letter + "', which this version does not know");
  }

  /** The privilege that a statement calls {@code word}; SYNTAX_ERROR if there is none. */
  public static Privilege named(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    for (Privilege privilege : values()) {
      if (privilege.name().equals(upper.equals("TEMP") ? "TEMPORARY" : upper)) {
        return privilege;
      }
    }
    throw new PpdbException(
        ErrorCode.SYNTAX_ERROR,
        "unrecognized privilege type \"" + word.toLowerCase(Locale.ROOT) + "\"");
  }
}

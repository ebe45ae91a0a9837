package io.ppdb.relational.catalog;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What COMMENT ON says of objects and their parts. Comments are kept beside the definitions, so
 * that plans do not depend on them; they go with what they are about.
 */
public final class Comments {
  /** What of an object a comment is about. */
  public enum Part {
    WHOLE(0),
    COLUMN(1),
    INDEX(2),
    CONSTRAINT(3);

    private final int number;

    Part(int number) {
      this.number = number;
    }

    private static Part numbered(long number) {
      for (Part part : values()) {
        if (part.number == number) {
          return part;
        }
      }
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "comment on part " + number + ", which this version does not know");
    }
  }

  /**
   * What a comment is about.
   *
   * @param id of a table, view, sequence, schema or role
   * @param name of the part; empty for the whole
   */
  public record Subject(long id, Part part, String name) {
    /** All of an object. */
    public static Subject of(long id) {
      return new Subject(id, Part.WHOLE, "");
    }
  }

  private Comments() {}

  /** Stores a comment, or removes it if {@code text} is null. */
  public static void put(Transaction transaction, Subject subject, @Nullable String text) {
    if (text == null) {
      transaction.delete(key(subject));
    } else {
      transaction.put(key(subject), new KeyWriter().addString(text).toByteArray());
    }
  }

  /** All comments at {@code view}. */
  public static Map<Subject, String> all(ReadView view) {
    return in(view, CatalogKeys.comments());
  }

  /** Gives a part of an object another name. */
  static void rename(Transaction transaction, Subject subject, String newName) {
    byte[] text = transaction.get(key(subject));
    if (text != null) {
      transaction.delete(key(subject));
      transaction.put(key(new Subject(subject.id(), subject.part(), newName)), text);
    }
  }

  /** Removes what was said of an object that is dropped. */
  public static void remove(Transaction transaction, long id) {
    in(transaction, CatalogKeys.comments(id))
        .keySet()
        .forEach(subject -> transaction.delete(key(subject)));
  }

  /** Removes what was said of parts that {@code table} has no more. */
  static void removeStale(Transaction transaction, TableDefinition table) {
    for (Subject subject : in(transaction, CatalogKeys.comments(table.id())).keySet()) {
      boolean exists =
          switch (subject.part()) {
            case WHOLE -> true;
            case COLUMN -> table.columnIndex(subject.name()) >= 0;
            case INDEX -> table.index(subject.name()) != null;
            case CONSTRAINT -> table.hasConstraint(subject.name());
          };
      if (!exists) {
        transaction.delete(key(subject));
      }
    }
  }

  private static Map<Subject, String> in(ReadView view, KeyRange range) {
    Map<Subject, String> comments = new HashMap<>();
    try (Cursor cursor = view.scan(range)) {
      while (cursor.next()) {
        KeyReader key = new KeyReader().reset(cursor.key()).skip().skip();
        Subject subject =
            new Subject(key.readLong(), Part.numbered(key.readLong()), key.readString());
        comments.put(subject, new KeyReader().reset(cursor.value()).readString());
      }
    }
    return comments;
  }

  private static byte[] key(Subject subject) {
    return CatalogKeys.comment(subject.id(), subject.part().number, subject.name());
  }
}

package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Role.Attribute;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * The options of a role; the parser completes it one by one. What is null was not said. Its text
 * shows no password.
 */
public final class RoleOptions {
  private final Map<Attribute, Boolean> attributes = new EnumMap<>(Attribute.class);
  private final List<RoleName> groups = new ArrayList<>();
  private final List<RoleName> members = new ArrayList<>();
  private final List<RoleName> admins = new ArrayList<>();
  private @Nullable Given password;
  private @Nullable Given validUntil;
  private @Nullable Integer connectionLimit;
  private @Nullable String unfinished;

  /** What an option was given; {@code value} is null for NULL. */
  public record Given(@Nullable String value) {
    @Override
    public String toString() {
      return "given";
    }
  }

  /** Attributes that the role is to have, or not. */
  public Map<Attribute, Boolean> attributes() {
    return attributes;
  }

  /** Roles that it is to be a member of. */
  public List<RoleName> groups() {
    return groups;
  }

  /** Roles that are to be members of it. */
  public List<RoleName> members() {
    return members;
  }

  /** Roles that are to be members of it and may make others so. */
  public List<RoleName> admins() {
    return admins;
  }

  public @Nullable Given password() {
    return password;
  }

  public @Nullable Given validUntil() {
    return validUntil;
  }

  public @Nullable Integer connectionLimit() {
    return connectionLimit;
  }

  /** Whether nothing but a password is said. */
  public boolean isPasswordOnly() {
    return password != null
        && attributes.isEmpty()
        && validUntil == null
        && connectionLimit == null
        && members.isEmpty()
        && admins.isEmpty();
  }

  public void setConnectionLimit(long limit, SqlParserPos position) {
    requireNew(connectionLimit == null, position);
    if (limit < -1 || limit > Integer.MAX_VALUE) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "invalid connection limit: " + limit + at(position));
    }
    connectionLimit = (int) limit;
  }

  /** Adds an option that is a word, with its value if it has one. */
  public void add(SqlIdentifier word, boolean hasValue, @Nullable SqlNode value) {
    String name = word.getSimple().toLowerCase(Locale.ROOT);
    SqlParserPos position = word.getParserPosition();
    boolean goesOn = name.equals("encrypted") || name.equals("valid");
    boolean expected =
        unfinished == null
            ? !name.equals("until")
            : name.equals(unfinished.equals("valid") ? "until" : "password");
    boolean takesValue = name.equals("password") || name.equals("until");
    if (!expected || hasValue != takesValue) {
      throw unknown(word);
    }
    unfinished = goesOn ? name : null;
    if (goesOn) {
      return;
    }
    if (takesValue) {
      Given given = new Given(value == null ? null : ((SqlLiteral) value).getValueAs(String.class));
      if (name.equals("password")) {
        requireNew(password == null, position);
        password = given;
      } else {
        requireNew(validUntil == null, position);
        validUntil = given;
      }
      return;
    }
    boolean isOn = !name.startsWith("no");
    Attribute attribute = attribute(isOn ? name : name.substring(2), word);
    requireNew(attributes.put(attribute, isOn) == null, position);
  }

  private static Attribute attribute(String name, SqlIdentifier word) {
    for (Attribute attribute : Attribute.values()) {
      if (attribute.name().equalsIgnoreCase(name)) {
        return attribute;
      }
    }
    throw unknown(word);
  }

  private static PpdbException unknown(SqlIdentifier word) {
    return new PpdbException(
        ErrorCode.SYNTAX_ERROR,
        "unrecognized role option \"" + word.getSimple() + "\"" + at(word.getParserPosition()));
  }

  private static void requireNew(boolean isNew, SqlParserPos position) {
    if (!isNew) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR, "conflicting or redundant options" + at(position));
    }
  }

  private static String at(SqlParserPos position) {
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  @Override
  public String toString() {
    return "role options";
  }
}

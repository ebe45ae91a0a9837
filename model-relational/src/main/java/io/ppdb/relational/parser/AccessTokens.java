package io.ppdb.relational.parser;

import io.ppdb.relational.parser.generated.PpdbParserConstants;
import io.ppdb.relational.parser.generated.Token;

/** What the grammar asks of tokens ahead where words about roles are names elsewhere. */
public final class AccessTokens {
  private AccessTokens() {}

  /** Whether [SESSION | LOCAL] SESSION AUTHORIZATION follows SET. */
  public static boolean isAuthorization(Token first, Token second, Token third) {
    boolean isShort =
        first.kind == PpdbParserConstants.SESSION
            && second.kind == PpdbParserConstants.AUTHORIZATION;
    return isShort
        || (isScope(first)
            && second.kind == PpdbParserConstants.SESSION
            && third.kind == PpdbParserConstants.AUTHORIZATION);
  }

  /** Whether [SESSION | LOCAL] ROLE name follows SET, rather than a setting called role. */
  public static boolean isRole(Token first, Token second, Token third) {
    Token word = isScope(first) ? second : first;
    Token next = isScope(first) ? third : second;
    return word.kind == PpdbParserConstants.ROLE
        && next.kind != PpdbParserConstants.EQ
        && next.kind != PpdbParserConstants.TO;
  }

  private static boolean isScope(Token token) {
    return token.kind == PpdbParserConstants.SESSION || token.kind == PpdbParserConstants.LOCAL;
  }

  /** Whether a name follows a word, so that the word is none itself. */
  public static boolean isBeforeName(Token next) {
    return next.kind != PpdbParserConstants.TO
        && next.kind != PpdbParserConstants.FROM
        && next.kind != PpdbParserConstants.COMMA
        && next.kind != PpdbParserConstants.DOT;
  }
}

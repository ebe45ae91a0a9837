package io.ppdb.relational.parser;

import io.ppdb.relational.parser.generated.PpdbParserConstants;
import io.ppdb.relational.parser.generated.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tokens without what says that a name is one of {@code pg_catalog}, where it can be nothing else:
 *
 * <pre>
 * a OPERATOR(pg_catalog.~) b             a ~ b
 * a COLLATE pg_catalog.default           a
 * pg_catalog.f(x)                        f(x)
 * x::pg_catalog.text                     x::text
 * pg_partition_ancestors(x)              unnest(pg_partition_ancestors(x))
 * </pre>
 *
 * Used by one thread, for one statement.
 */
final class CatalogTokens {
  private static final String SCHEMA = "pg_catalog";

  /** A function of the information schema that drivers call. */
  private static final String EXPAND = "_pg_expandarray";

  /** A function that gives rows, and is one of arrays here. */
  private static final String ANCESTORS = "pg_partition_ancestors";

  private final Supplier<Token> source;
  private final List<Token> ahead = new ArrayList<>();
  private int first = PpdbParserConstants.EOF;
  private int previous = PpdbParserConstants.EOF;

  CatalogTokens(Supplier<Token> source) {
    this.source = source;
  }

  /** The next token. */
  Token next() {
    peek(0);
    while (drop()) {
      peek(0);
    }
    Token token = ahead.remove(0);
    if (first == PpdbParserConstants.EOF) {
      first = token.kind;
    }
    previous = token.kind;
    return token;
  }

  private Token peek(int distance) {
    while (ahead.size() <= distance) {
      Token last = ahead.isEmpty() ? null : ahead.get(ahead.size() - 1);
      boolean ended = last != null && last.kind == PpdbParserConstants.EOF;
      ahead.add(ended ? last : source.get());
    }
    return ahead.get(distance);
  }

  /** Drops, or rewrites, what begins with the first token; whether there may be more. */
  private boolean drop() {
    Token token = ahead.get(0);
    if (token.kind == PpdbParserConstants.COLLATE) {
      return dropCollation();
    }
    if (token.kind != PpdbParserConstants.IDENTIFIER) {
      return false;
    }
    if (token.image.equalsIgnoreCase("OPERATOR")) {
      return dropOperator();
    }
    if (token.image.equalsIgnoreCase(ANCESTORS) && previous != PpdbParserConstants.LPAREN) {
      return expandAncestors(token);
    }
    boolean isOfSchema =
        (token.image.equalsIgnoreCase(SCHEMA) && isCallOrType())
            || (token.image.equalsIgnoreCase("information_schema")
                && peek(2).image.equalsIgnoreCase(EXPAND));
    if (isOfSchema && peek(1).kind == PpdbParserConstants.DOT) {
      ahead.subList(0, 2).clear();
      return true;
    }
    return false;
  }

  private boolean isCallOrType() {
    return (peek(3).kind == PpdbParserConstants.LPAREN && !isTable())
        || previous == PpdbParserConstants.INFIX_CAST
        || previous == PpdbParserConstants.AS;
  }

  /** Whether what comes next is a table, whose columns follow. */
  private boolean isTable() {
    return switch (previous) {
      case PpdbParserConstants.TABLE,
          PpdbParserConstants.INTO,
          PpdbParserConstants.EXISTS,
          PpdbParserConstants.VIEW,
          PpdbParserConstants.REFERENCES ->
          true;
      case PpdbParserConstants.ON -> first == PpdbParserConstants.CREATE;
      default -> false;
    };
  }

  private boolean dropCollation() {
    int name = isSchema(1) ? 3 : 1;
    String image = peek(name).image;
    if (!image.equalsIgnoreCase("default") && !image.equals("\"default\"")) {
      return false;
    }
    ahead.subList(0, name + 1).clear();
    return true;
  }

  private boolean dropOperator() {
    if (peek(1).kind != PpdbParserConstants.LPAREN) {
      return false;
    }
    int operator = isSchema(2) ? 4 : 2;
    if (peek(operator + 1).kind != PpdbParserConstants.RPAREN) {
      return false;
    }
    ahead.remove(operator + 1);
    ahead.subList(0, operator).clear();
    return true;
  }

  private boolean isSchema(int distance) {
    return peek(distance).image.equalsIgnoreCase(SCHEMA)
        && peek(distance + 1).kind == PpdbParserConstants.DOT;
  }

  private boolean expandAncestors(Token token) {
    if (peek(1).kind != PpdbParserConstants.LPAREN) {
      return false;
    }
    int depth = 1;
    int end = 2;
    while (depth > 0 && peek(end).kind != PpdbParserConstants.EOF) {
      int kind = peek(end++).kind;
      depth += kind == PpdbParserConstants.LPAREN ? 1 : kind == PpdbParserConstants.RPAREN ? -1 : 0;
    }
    if (depth > 0) {
      return false;
    }
    ahead.add(end, PostgresTokens.like(token, PpdbParserConstants.RPAREN, ")"));
    ahead.add(0, PostgresTokens.like(token, PpdbParserConstants.UNNEST, "unnest"));
    ahead.add(1, PostgresTokens.like(token, PpdbParserConstants.LPAREN, "("));
    return false;
  }
}

package io.ppdb.graph.lang;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinAntlrToJava;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinLexer;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinParser;
import org.apache.tinkerpop.gremlin.language.grammar.GremlinParserException;
import org.jspecify.annotations.Nullable;

/** Text to parse tree and parse tree to traversal, with errors that name the place. */
final class GremlinParsing {
  private static final BaseErrorListener ERRORS =
      new BaseErrorListener() {
        @Override
        public void syntaxError(
            Recognizer<?, ?> recognizer,
            @Nullable Object offendingSymbol,
            int line,
            int charPositionInLine,
            String message,
            @Nullable RecognitionException cause) {
          throw new PpdbException(
              ErrorCode.SYNTAX_ERROR,
              "Gremlin, line " + line + ", column " + (charPositionInLine + 1) + ": " + message);
        }
      };

  private GremlinParsing() {}

  static GremlinParser.QueryListContext parse(String text) {
    try {
      return parse(text, PredictionMode.SLL);
    } catch (PpdbException e) {
      // The fast mode does not accept all of the grammar.
      return parse(text, PredictionMode.LL);
    }
  }

  private static GremlinParser.QueryListContext parse(String text, PredictionMode mode) {
    GremlinLexer lexer = new GremlinLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    lexer.addErrorListener(ERRORS);
    GremlinParser parser = new GremlinParser(new CommonTokenStream(lexer));
    parser.getInterpreter().setPredictionMode(mode);
    parser.removeErrorListeners();
    parser.addErrorListener(ERRORS);
    return parser.queryList();
  }

  /** What {@code visitor} makes of the tree: a traversal, or the result of its terminal step. */
  static @Nullable Object visit(GremlinParser.QueryListContext tree, GremlinAntlrToJava visitor) {
    try {
      return visitor.visit(tree);
    } catch (GremlinParserException | ClassCastException | IllegalArgumentException e) {
      throw new PpdbException(ErrorCode.SYNTAX_ERROR, "Gremlin: " + e.getMessage(), e);
    }
  }
}

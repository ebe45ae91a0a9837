package io.ppdb.relational;

import io.ppdb.relational.parser.StatementParser;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A stack that is deep enough to compile a statement on. Parser and planner walk trees by
 * recursion; the caller's stack, of which nothing is known, serves for statements of a few hundred
 * words, and longer ones get a thread for themselves. To overflow a stack and to catch that would
 * not do: a class whose initialisation is hit is broken for good.
 */
final class CompilationStack {
  /** So many words and signs nest at most so deep, which 512 KiB of stack are enough for. */
  private static final int MOST_WORDS_ON_CALLERS_STACK = 250;

  /** What a level of nesting needs at most, with room to spare. */
  private static final long BYTES_PER_WORD = 8 << 10;

  /** Only what is used of it becomes memory. */
  private static final long MOST_BYTES = 1L << 30;

  private CompilationStack() {}

  /** The result of {@code work}, which compiles {@code sql}. */
  static <T> T run(String sql, Supplier<T> work) {
    int wordCount = wordCount(sql);
    if (wordCount <= MOST_WORDS_ON_CALLERS_STACK) {
      try {
        return work.get();
      } catch (StackOverflowError e) {
        // The validator goes round in circles for some wrong statements, or the caller left
        // nothing.
        throw StatementParser.tooDeep(e);
      }
    }
    FutureTask<T> task = new FutureTask<>(work::get);
    long bytes = Math.min(MOST_BYTES, (1 << 20) + wordCount * BYTES_PER_WORD);
    new Thread(null, task, "ppdb-compile", bytes).start();
    return result(task);
  }

  /** Waits for a thread that works for the caller: to be interrupted ends neither. */
  private static <T> T result(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StackOverflowError overflow) {
        throw StatementParser.tooDeep(overflow);
      }
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How many words and signs there are, those in quotes included. */
  private static int wordCount(String sql) {
    int count = 0;
    boolean inWord = false;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      boolean isWord = Character.isLetterOrDigit(c) || c == '_';
      if ((isWord && !inWord) || (!isWord && !Character.isWhitespace(c))) {
        count++;
      }
      inWord = isWord;
    }
    return count;
  }
}

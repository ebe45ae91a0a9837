package io.ppdb.relational.exec;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a statement still has to do when its rows are written: actions on other tables, which may
 * bring about more of them, and then checks. First in, first out, so a chain of actions takes no
 * depth of the stack. Used by one thread.
 */
public final class StatementEnd {
  private final Deque<Runnable> actions = new ArrayDeque<>();
  private final Deque<Runnable> checks = new ArrayDeque<>();
  private boolean running;

  /** Adds work that may write. */
  public void addAction(Runnable action) {
    actions.add(action);
  }

  /** Adds a check of what is there when no action is left. */
  public void addCheck(Runnable check) {
    checks.add(check);
  }

  /** Does all that was added; nothing if it is just being done, further out. */
  public void run() {
    if (running) {
      return;
    }
    running = true;
    try {
      while (!actions.isEmpty() || !checks.isEmpty()) {
        Runnable action = actions.poll();
        (action == null ? checks.remove() : action).run();
      }
    } finally {
      running = false;
      actions.clear();
      checks.clear();
    }
  }
}

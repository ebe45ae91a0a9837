package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlResult;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that come from a server: those of one Execute after the other if there is a portal, else all
 * of them, read as they are asked for.
 */
final class RemoteResult implements SqlResult {
  private static final int BATCH_ROWS = 1024;
  private static final int BATCH_BYTES = 256 << 10;

  /** What is read to its end when nobody wants it any more; a longer rest is cancelled. */
  private static final int SHORT_REST_BYTES = 1 << 20;

  private enum State {
    /** Rows are on the way. */
    READING,
    /** The portal has more. */
    SUSPENDED,
    DONE
  }

  private final RemoteSession session;
  private final RemoteStatement statement;
  private final List<ColumnInfo> columns;
  private final String portal;
  private final int portionRows;
  private final RemoteRows rows;
  private final ArrayDeque<RemoteRows> waiting = new ArrayDeque<>();
  private long remainingRows;
  private State state = State.READING;
  private long updateCount;
  private boolean hasFirst;
  private boolean ended;
  private volatile boolean cancelled;
  private @Nullable SQLException failure;

  /**
   * A result whose Execute was sent.
   *
   * @param portal empty if there is none that could go on
   * @param limit the rows that it asked for, 0 for all
   */
  RemoteResult(
      RemoteSession session,
      RemoteStatement statement,
      List<ColumnInfo> columns,
      String portal,
      ExecuteOptions options,
      int limit) {
    this.session = session;
    this.statement = statement;
    this.columns = columns;
    this.portal = portal;
    this.portionRows = limit;
    this.rows = new RemoteRows(columns);
    this.remainingRows = options.maxRows() == 0 ? Long.MAX_VALUE : options.maxRows();
    this.updateCount = columns.isEmpty() ? 0 : -1;
  }

  boolean isReading() {
    return state == State.READING;
  }

  /**
   * Reads until it is known whether the statement runs: up to the first row, or the end.
   *
   * @param skipped statements of the session itself that came before
   */
  void readFirst(int skipped) throws SQLException {
    session.setReading(this);
    int toSkip = skipped;
    while (true) {
      char type = session.read();
      if (type == 'C' && toSkip > 0) {
        toSkip--;
      } else if (type == 'D') {
        rows.add(session.wire());
        hasFirst = true;
        return;
      } else if (take(type)) {
        return;
      }
    }
  }

  /** Takes a message that is no row; whether the rows that were asked for have ended. */
  private boolean take(char type) throws SQLException {
    switch (type) {
      case 'C':
        if (columns.isEmpty()) {
          updateCount = Math.max(0, count(session.wire().readText()));
        }
        return finish(State.DONE);
      case 'I':
        return finish(State.DONE);
      case 's':
        return finish(
            portal.isEmpty() || portionRows >= remainingRows ? State.DONE : State.SUSPENDED);
      case 'E':
        fail(ServerErrors.read(session.wire()));
        return true;
      default:
        return false;
    }
  }

  private void fail(SQLException error) throws SQLException {
    over(State.DONE);
    session.readUntilReady(error);
  }

  private boolean finish(State newState) throws SQLException {
    over(newState);
    session.readUntilReady(null);
    return true;
  }

  private void over(State newState) {
    state = newState;
    session.setReading(null);
    statement.setRunning(false);
  }

  /** The number at the end of what was done; -1 if there is none. */
  static long count(String tag) {
    int start = tag.lastIndexOf(' ') + 1;
    if (start == 0 || start == tag.length()) {
      return -1;
    }
    for (int i = start; i < tag.length(); i++) {
      if (tag.charAt(i) < '0' || tag.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(tag.substring(start));
  }

  @Override
  public List<ColumnInfo> columns() {
    return columns;
  }

  @Override
  public long updateCount() {
    return updateCount;
  }

  @Override
  public @Nullable RowBatch fetch(int maxRows) throws SQLException {
    if (ended) {
      throw SqlErrors.of("24000", "the result has ended with its transaction");
    }
    if (remainingRows <= 0) {
      close();
      return null;
    }
    if (cancelled) {
      close();
      throw SqlErrors.of("57014", "the statement was cancelled");
    }
    RemoteRows batch = waiting.isEmpty() ? next(maxRows) : waiting.poll();
    if (batch == null) {
      SQLException error = failure;
      failure = null;
      close();
      if (error != null) {
        throw error;
      }
      return null;
    }
    remainingRows -= batch.rowCount();
    return batch;
  }

  private @Nullable RemoteRows next(int maxRows) throws SQLException {
    if (hasFirst) {
      hasFirst = false;
    } else {
      rows.clear();
    }
    int limit = maxRows > 0 ? Math.min(maxRows, BATCH_ROWS) : BATCH_ROWS;
    fill(rows, limit);
    if (rows.rowCount() == 0 && state == State.SUSPENDED) {
      goOn();
      fill(rows, limit);
    }
    return rows.rowCount() == 0 ? null : rows;
  }

  /** Asks for the next rows of the portal. */
  private void goOn() throws SQLException {
    session.startCommand();
    session.writeExecute(portal, portionRows);
    session.wire().empty('S');
    state = State.READING;
    statement.setRunning(true);
    session.setReading(this);
    session.wire().flush();
  }

  private void fill(RemoteRows target, int limit) throws SQLException {
    while (state == State.READING
        && target.rowCount() < limit
        && target.byteCount() < BATCH_BYTES) {
      char type = session.read();
      if (type == 'D') {
        target.add(session.wire());
      } else if (type == 'E' && target.rowCount() > 0) {
        failLater(ServerErrors.read(session.wire()));
      } else {
        take(type);
      }
    }
  }

  /** An error behind rows that were read: whoever reads on is told. */
  private void failLater(SQLException error) {
    try {
      fail(error);
    } catch (SQLException e) {
      failure = e;
    }
  }

  /** Takes into memory what is on the way, so that the connection can be used. */
  void takeIn() throws SQLException {
    while (state == State.READING) {
      RemoteRows batch = new RemoteRows(columns);
      if (hasFirst) {
        hasFirst = false;
        batch = rows.moved();
      }
      try {
        fill(batch, BATCH_ROWS);
      } catch (SQLException e) {
        failure = e;
      }
      if (batch.rowCount() > 0) {
        waiting.add(batch);
      }
    }
    if (session.wire().isBroken() && failure != null) {
      throw failure;
    }
  }

  /** Lets the reader of rows that the server has sent already fail; from any thread. */
  void cancel() {
    cancelled = true;
  }

  /** Ends it with its transaction. */
  void end() throws SQLException {
    ended = true;
    close();
  }

  @Override
  public void close() throws SQLException {
    session.closed(this);
    waiting.clear();
    hasFirst = false;
    remainingRows = 0;
    if (state == State.READING) {
      discard();
    }
    if (!portal.isEmpty() && session.isInTransaction()) {
      session.forget('P', portal);
    }
    state = State.DONE;
  }

  private void discard() throws SQLException {
    long bytes = 0;
    boolean requested = false;
    while (state == State.READING) {
      rows.clear();
      try {
        fill(rows, BATCH_ROWS);
      } catch (SQLException e) {
        if (!"57014".equals(e.getSQLState()) || session.wire().isBroken()) {
          throw e;
        }
      }
      bytes += rows.byteCount();
      if (bytes > SHORT_REST_BYTES && !requested && state == State.READING) {
        requested = true;
        session.cancelRunning();
      }
    }
    failure = null;
  }
}

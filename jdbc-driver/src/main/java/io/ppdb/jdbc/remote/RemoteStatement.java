package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A statement that the server has prepared. */
final class RemoteStatement implements SqlStatement {
  /** Executions of a batch that are sent before their answers are read: neither side may block. */
  private static final int BATCH_SIZE = 500;

  private static final int BATCH_BYTES = 256 << 10;
  private static final String SAVEPOINT = "\"$batch\"";
  private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "WITH");
  private static final String PLAN_HAS_CHANGED = "cached plan must not change result type";

  private final RemoteSession session;
  private final String sql;
  private String name;
  private RemoteSession.Description description;
  private ParameterEncoder[] encoders;
  private boolean closed;

  /** Whether the server may be at it. */
  private volatile boolean running;

  /** What it gave last. */
  private volatile @Nullable RemoteResult last;

  RemoteStatement(
      RemoteSession session, String sql, String name, RemoteSession.Description description) {
    this.session = session;
    this.sql = sql;
    this.name = name;
    this.description = description;
    this.encoders = encoders(description);
  }

  private static ParameterEncoder[] encoders(RemoteSession.Description description) {
    ParameterEncoder[] encoders = new ParameterEncoder[description.parameterOids.length];
    for (int i = 0; i < encoders.length; i++) {
      encoders[i] = new ParameterEncoder(description.parameterOids[i]);
    }
    return encoders;
  }

  @Override
  public List<ParameterInfo> parameters() {
    return description.parameters;
  }

  @Override
  public List<ColumnInfo> columns() {
    return description.columns;
  }

  @Override
  public SqlResult execute(@Nullable Object[] parameters, ExecuteOptions options)
      throws SQLException {
    try {
      return executeOnce(parameters, options);
    } catch (SQLException e) {
      if (!PLAN_HAS_CHANGED.regionMatches(0, String.valueOf(e.getMessage()), 0, 20)) {
        throw e;
      }
      prepareAgain();
      return executeOnce(parameters, options);
    }
  }

  private void prepareAgain() throws SQLException {
    session.forget('S', name);
    String newName = session.newName('s');
    description = session.describe(newName, sql);
    name = newName;
    encoders = encoders(description);
  }

  private SqlResult executeOnce(@Nullable Object[] parameters, ExecuteOptions options)
      throws SQLException {
    String first = firstWord();
    boolean endsTransaction =
        first.equals("COMMIT")
            || first.equals("ROLLBACK")
            || first.equals("END")
            || first.equals("ABORT");
    if (endsTransaction) {
      session.checkOpen();
      session.endResults();
    }
    session.startCommand();
    boolean isControl = endsTransaction || first.equals("BEGIN") || first.equals("START");
    int begun = isControl ? 0 : session.writeBegin();
    boolean hasRows = !description.columns.isEmpty();
    boolean byPortal =
        hasRows
            && options.fetchSize() > 0
            && (begun > 0 || session.isInTransaction())
            && !session.isAutoCommit();
    String portal = byPortal ? session.newName('p') : "";
    writeBind(portal, parameters);
    int limit = limit(options.maxRows(), byPortal ? options.fetchSize() : 0);
    session.writeExecute(portal, limit);
    session.writeEnd(begun);
    Wire wire = session.wire();
    wire.empty('S');
    running = true;
    RemoteResult result =
        new RemoteResult(session, this, description.columns, portal, options, limit);
    try {
      wire.flush();
      result.readFirst(begun);
    } finally {
      running = result.isReading();
    }
    if (hasRows) {
      last = result;
      session.opened(result);
    }
    return result;
  }

  private static int limit(long maxRows, int fetchSize) {
    long limit = maxRows > 0 && fetchSize > 0 ? Math.min(maxRows, fetchSize) : maxRows + fetchSize;
    return (int) Math.min(Integer.MAX_VALUE, limit);
  }

  private void writeBind(String portal, @Nullable Object[] parameters) throws SQLException {
    if (parameters.length != encoders.length) {
      throw SqlErrors.of(
          "07001",
          "the statement has "
              + encoders.length
              + " parameters, but "
              + parameters.length
              + " values were given");
    }
    Wire wire = session.wire();
    wire.begin('B');
    wire.writeText(portal);
    wire.writeText(name);
    wire.writeShort(encoders.length);
    for (int i = 0; i < encoders.length; i++) {
      wire.writeShort(encoders[i].isBinary(parameters[i]) ? 1 : 0);
    }
    wire.writeShort(encoders.length);
    for (int i = 0; i < encoders.length; i++) {
      encoders[i].write(wire, parameters[i], session.zone());
    }
    wire.writeShort(1);
    wire.writeShort(1);
    wire.end();
  }

  /** The first word of the statement, in capitals. */
  private String firstWord() {
    int start = 0;
    while (start < sql.length() && !Character.isLetter(sql.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < sql.length() && end < start + 8 && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(start, end).toUpperCase(Locale.ROOT);
  }

  @Override
  public void executeBatch(
      List<@Nullable Object[]> parameterSets, long[] updateCounts, ExecuteOptions options)
      throws SQLException {
    if (parameterSets.isEmpty()) {
      return;
    }
    if (!CHANGES.contains(firstWord())) {
      throw SqlErrors.of("0A000", "a batch takes only INSERT, UPDATE and DELETE");
    }
    session.startCommand();
    Wire wire = session.wire();
    int begun = session.writeBegin();
    boolean within = session.isInTransaction() || (begun > 0 && !session.isAutoCommit());
    if (within) {
      session.writeUnnamed("SAVEPOINT " + SAVEPOINT);
    }
    int skipped = begun + (within ? 1 : 0);
    long[] counts = new long[parameterSets.size()];
    running = true;
    try {
      int done = 0;
      int sent = 0;
      while (sent < parameterSets.size()) {
        int end = Math.min(parameterSets.size(), sent + BATCH_SIZE);
        while (sent < end && wire.pendingBytes() < BATCH_BYTES) {
          writeBind("", parameterSets.get(sent++));
          session.writeExecute("", 0);
        }
        boolean last = sent == parameterSets.size();
        if (last && within) {
          session.writeUnnamed("RELEASE SAVEPOINT " + SAVEPOINT);
        }
        if (last) {
          session.writeEnd(begun);
        }
        wire.empty(last ? 'S' : 'H');
        wire.flush();
        done = readCounts(counts, done, sent, skipped);
        skipped = 0;
      }
      session.readUntilReady(null);
      System.arraycopy(counts, 0, updateCounts, 0, counts.length);
    } catch (SQLException e) {
      takeBack(within, e);
      throw e;
    } finally {
      running = false;
    }
  }

  /** Takes back what a batch that has failed has done within a transaction. */
  private void takeBack(boolean within, SQLException failure) {
    if (!within || session.wire().isBroken() || !session.isInTransaction()) {
      return;
    }
    try {
      session.simple("ROLLBACK TO SAVEPOINT " + SAVEPOINT);
      session.simple("RELEASE SAVEPOINT " + SAVEPOINT);
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Reads the counts of executions that were sent; how many executions are answered then. */
  private int readCounts(long[] counts, int from, int to, int skipped) throws SQLException {
    Wire wire = session.wire();
    int toSkip = skipped;
    int at = from;
    while (at < to) {
      switch (session.read()) {
        case 'C':
          long count = RemoteResult.count(wire.readText());
          if (toSkip > 0) {
            toSkip--;
          } else {
            counts[at++] = Math.max(0, count);
          }
          break;
        case 'E':
          SQLException error = ServerErrors.read(wire);
          if (to < counts.length) {
            wire.empty('S'); // what was sent so far ends with a Flush
            wire.flush();
          }
          session.readUntilReady(error);
          break;
        case 'D':
          throw drained();
        default:
          break;
      }
    }
    return at;
  }

  private SQLException drained() throws SQLException {
    SQLException error = SqlErrors.of("0A000", "a batch cannot have statements that give rows");
    session.wire().close();
    return error;
  }

  void setRunning(boolean newRunning) {
    running = newRunning;
  }

  @Override
  public void cancel() {
    RemoteResult open = last;
    if (!running) {
      if (open != null) {
        open.cancel();
      }
      return;
    }
    try {
      session.cancelRunning();
    } catch (SQLException e) {
      Logger.getLogger("io.ppdb.jdbc")
          .log(Level.FINE, "a request to cancel did not get through", e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      session.forget('S', name);
    }
  }
}

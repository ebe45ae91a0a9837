package io.ppdb.server.postgres;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.PreparedSql;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import io.ppdb.server.net.RequestQueue;
import io.ppdb.server.postgres.ServerStatement.Control;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs what portals stand for and sends their rows. Used by one worker at a time, save for {@link
 * #cancel}.
 */
final class PortalRunner {
  private final RelationalSession session;
  private final BackendWriter out;
  private final RequestQueue<Frame> requests;
  private final SessionObserver observer;
  private final TransactionState transaction;
  private final SessionCommands commands;

  /** What runs at the moment; read by whoever cancels it. */
  private volatile @Nullable PreparedSql running;

  /** Whether the client waits for ReadyForQuery, and whether it has been told to wait no longer. */
  private volatile boolean busy;

  private volatile boolean cancelled;

  PortalRunner(
      RelationalSession session,
      BackendWriter out,
      RequestQueue<Frame> requests,
      SessionObserver observer,
      TransactionState transaction,
      SessionCommands commands) {
    this.session = session;
    this.out = out;
    this.requests = requests;
    this.observer = observer;
    this.transaction = transaction;
    this.commands = commands;
  }

  /** The client waits for ReadyForQuery: from now on, a request to cancel is about what it asks. */
  void setBusy() {
    busy = true;
  }

  /** The client waits no longer. */
  void setReady() {
    busy = false;
    cancelled = false;
  }

  /** Lets what runs fail with CANCELLED; from any thread. */
  void cancel() {
    if (!busy) {
      return;
    }
    cancelled = true;
    PreparedSql current = running;
    if (current != null) {
      current.cancel();
    }
  }

  /** For a request that came before the statement ran that it was meant for. */
  private void checkCancelled() {
    if (cancelled) {
      throw new PpdbException(ErrorCode.CANCELLED, "the statement was cancelled");
    }
  }

  /**
   * Runs a portal, or lets it go on; whether it has come to its end.
   *
   * @param maxRows after which it stops for now; 0 for all
   * @param describe whether the client is told of the columns first
   * @param alone whether nothing else belongs to the transaction that it would begin
   */
  boolean run(Portal portal, int maxRows, boolean describe, boolean alone) {
    long start = System.nanoTime();
    ServerStatement statement = portal.statement();
    boolean failed = true;
    try {
      if (portal.result() == null && !portal.isFinished()) {
        begin(portal, alone);
      }
      StatementResult result = portal.result();
      if (describe && result != null && result.hasRows()) {
        out.rowDescription(result.columns(), portal.formats());
      }
      boolean finished = result == null || !result.hasRows() || sendRows(portal, maxRows);
      failed = false;
      return finished;
    } catch (PpdbException e) {
      observer.failed(statement.tag(), e.code());
      throw e;
    } finally {
      running = null;
      observer.ran(statement.tag(), failed, System.nanoTime() - start);
    }
  }

  private void begin(Portal portal, boolean alone) {
    ServerStatement statement = portal.statement();
    SessionCommand command = statement.command();
    if (command != null) {
      commands.run(command);
      portal.finish();
      return;
    }
    PreparedSql prepared = requireNonNull(statement.prepared());
    running = prepared;
    checkCancelled();
    if (statement.control() != Control.NONE) {
      portal.setTag(transaction.control(statement, prepared, out));
      portal.finish();
      return;
    }
    if (!alone) {
      transaction.beginImplicit();
    }
    if (prepared.copiesFromClient() || prepared.copiesToClient()) {
      portal.setRowCount(copy(prepared));
      portal.finish();
      return;
    }
    StatementResult result = prepared.execute(statement.values(portal.parameters()));
    portal.setResult(result);
    if (result.hasRows()) {
      checkCancelled();
    } else {
      portal.setRowCount(result.updateCount());
      portal.finish();
      if (statement.tag().equals("SET") || statement.tag().equals("RESET")) {
        observer.settingsChanged();
      }
    }
  }

  private long copy(PreparedSql prepared) {
    int columnCount = prepared.copyColumnCount();
    if (prepared.copiesFromClient()) {
      out.copyResponse('G', columnCount);
      out.flush();
      try (CopyInput input = new CopyInput(requests)) {
        return prepared.copyFrom(input.reader());
      }
    }
    out.copyResponse('H', columnCount);
    CopyOutput output = new CopyOutput(out);
    long count = prepared.copyTo(output);
    output.end();
    out.copyDone();
    return count;
  }

  /** Sends rows; whether they have come to their end. */
  private boolean sendRows(Portal portal, int maxRows) {
    ResultFormats formats = portal.formats();
    ZoneId zone = session.timeZone();
    List<ResultColumn> described = requireNonNull(portal.result()).columns();
    int columnCount = described.size();
    if (!portal.statement().hasColumns(described)) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "cached plan must not change result type: prepare it again");
    }
    for (int sent = 0; maxRows == 0 || sent < maxRows; sent++) {
      if (!portal.hasNext()) {
        return true;
      }
      VectorBatch batch = portal.batch();
      int position = portal.nextPosition();
      Vector[] columns = batch.columns();
      out.begin('D');
      ByteBuf buffer = out.buffer();
      buffer.writeShort(columnCount);
      for (int i = 0; i < columnCount; i++) {
        ValueWriter.write(buffer, columns[i], position, formats.isBinary(i), zone);
      }
      out.end();
      portal.addRow();
    }
    return false;
  }
}

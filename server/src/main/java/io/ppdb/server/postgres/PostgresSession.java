package io.ppdb.server.postgres;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.PreparedSql;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.StatementResult;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import io.ppdb.server.net.RequestQueue;
import io.ppdb.server.postgres.ServerStatement.Control;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client that has logged in asks for, message by message. Used by one worker at a time, save
 * for {@link #cancel} and {@link #abort}.
 *
 * <p>After an error in the extended protocol, messages are ignored until Sync. {@link
 * TransactionState} says which statements are possible.
 */
final class PostgresSession {
  /** Most prepared statements, and most portals, of a session. */
  private static final int MAX_NAMED = 10_000;

  private final RelationalSession session;
  private final BackendWriter out;
  private final RequestQueue<Frame> requests;
  private final SessionObserver observer;
  private final SessionNotifications notifications;
  private final TransactionState transaction;
  private final Map<String, ServerStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private boolean skipping;

  /** Of what runs at the moment; read by whoever cancels it. */
  private volatile @Nullable PreparedSql running;

  /** Whether the client waits for ReadyForQuery, and whether it has been told to wait no longer. */
  private volatile boolean busy;

  private volatile boolean cancelled;

  PostgresSession(
      RelationalSession session,
      BackendWriter out,
      RequestQueue<Frame> requests,
      SessionObserver observer,
      SessionNotifications notifications) {
    this.session = session;
    this.out = out;
    this.requests = requests;
    this.observer = observer;
    this.notifications = notifications;
    this.transaction = new TransactionState(session, notifications, this::closePortals);
  }

  /** Whether it is outside of a transaction. */
  boolean isIdle() {
    return transaction.status() == 'I';
  }

  /** Tells the client of notifications, if it is outside of a transaction. */
  void deliverNotifications() {
    notifications.deliver(out, isIdle());
  }

  /** Tells the client that it may ask. */
  void ready() {
    deliverNotifications();
    out.readyForQuery(transaction.status());
    busy = false;
    cancelled = false;
  }

  /** Serves a message; errors go to the client, but for those of the protocol. */
  void serve(Frame frame) {
    if (skipping && frame.type() != Frame.SYNC) {
      return;
    }
    busy = true;
    FrameReader reader = new FrameReader(frame);
    try {
      switch (frame.type()) {
        case Frame.QUERY -> query(reader);
        case Frame.PARSE -> parse(reader);
        case Frame.BIND -> bind(reader);
        case Frame.DESCRIBE -> describe(reader);
        case Frame.EXECUTE -> execute(reader);
        case Frame.CLOSE -> close(reader);
        case Frame.SYNC -> sync();
        case Frame.FLUSH -> out.flush();
        case Frame.COPY_DATA, Frame.COPY_DONE, Frame.COPY_FAIL -> {
          // What a client sent before it knew that its COPY had failed.
        }
        case Frame.FUNCTION_CALL ->
            throw new PpdbException(
                ErrorCode.NOT_SUPPORTED, "calls of functions by number: use SELECT");
        default -> throw new ProtocolException("unknown message '" + (char) frame.type() + "'");
      }
    } catch (PpdbException | ProtocolException | StackOverflowError | OutOfMemoryError e) {
      failed(e, "", 0);
      afterError(frame.type());
    } catch (StatementFailure e) {
      failed(e.getCause(), e.sql(), e.offset());
      afterError(frame.type());
    }
  }

  private void afterError(byte type) {
    if (type == Frame.QUERY) {
      ready();
      out.flush();
    } else {
      skipping = true;
    }
  }

  /** Tells of an error and what it does to the transaction; those of the protocol end it all. */
  private void failed(Throwable error, String sql, int offset) {
    if (error instanceof ProtocolException protocol && protocol.isFatal()) {
      throw protocol;
    }
    closePortal("");
    ErrorReport.of(error, sql, offset).writeTo(out);
    transaction.statementFailed();
  }

  private void query(FrameReader reader) {
    String text = reader.readText();
    reader.requireEnd();
    closePortal("");
    statements.remove("");
    List<QueryText> queries = QueryText.split(text);
    if (queries.isEmpty()) {
      out.emptyQuery();
    }
    for (int i = 0; i < queries.size(); i++) {
      QueryText each = queries.get(i);
      boolean last = i == queries.size() - 1;
      try {
        transaction.checkPossible(each.sql());
        ServerStatement statement = ServerStatement.prepare(session, each.sql(), new int[0]);
        if (statement.parameterOids().length > 0) {
          throw new PpdbException(ErrorCode.UNDEFINED_PARAMETER, "there is no parameter $1");
        }
        Portal portal = new Portal(statement, new @Nullable Object[0], ResultFormats.TEXT);
        try (portal) {
          run(portal, 0, /* describe= */ true, /* alone= */ last && !transaction.isImplicit());
          if (last) {
            transaction.endImplicit();
          }
          out.commandComplete(portal.completion());
        }
      } catch (PpdbException | ProtocolException | StackOverflowError | OutOfMemoryError e) {
        throw new StatementFailure(e, text, each.offset());
      }
    }
    ready();
    out.flush();
  }

  private void parse(FrameReader reader) {
    String name = reader.readText();
    String sql = reader.readText();
    int[] declared = new int[reader.readCount()];
    for (int i = 0; i < declared.length; i++) {
      declared[i] = reader.readInt();
    }
    reader.requireEnd();
    if (!name.isEmpty() && statements.containsKey(name)) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT, "prepared statement \"" + name + "\" already exists");
    }
    checkCount(statements.size(), "prepared statements");
    List<QueryText> queries = QueryText.split(sql);
    if (queries.size() > 1) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    try {
      if (queries.isEmpty()) {
        statements.put(name, ServerStatement.EMPTY);
      } else {
        String one = queries.get(0).sql();
        transaction.checkPossible(one);
        statements.put(name, ServerStatement.prepare(session, one, declared));
      }
    } catch (PpdbException | StackOverflowError e) {
      throw new StatementFailure(e, sql, queries.isEmpty() ? 0 : queries.get(0).offset());
    }
    out.parseComplete();
  }

  private static void checkCount(int count, String what) {
    if (count >= MAX_NAMED) {
      throw new PpdbException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "a session may have at most " + MAX_NAMED + " " + what + "; close some");
    }
  }

  private void bind(FrameReader reader) {
    String portalName = reader.readText();
    ServerStatement statement = statement(reader.readText());
    ResultFormats parameterFormats = ResultFormats.read(reader);
    int count = reader.readCount();
    int expected = statement.parameterOids().length;
    if (count != expected) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_PARAMETER,
          "bind message supplies " + count + " parameters, but the statement requires " + expected);
    }
    checkFormats(parameterFormats, count, "parameters");
    @Nullable Object[] parameters = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      int length = reader.readInt();
      if (length >= 0) {
        byte[] bytes = reader.readBytes(length);
        parameters[i] =
            parameterFormats.isBinary(i)
                ? ParameterReader.binary(bytes, parameterType(statement, i))
                : ParameterReader.text(bytes);
      }
    }
    ResultFormats formats = ResultFormats.read(reader);
    reader.requireEnd();
    checkFormats(formats, statement.columns().size(), "columns");
    if (!portalName.isEmpty() && portals.containsKey(portalName)) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT, "portal \"" + portalName + "\" already exists");
    }
    checkCount(portals.size(), "portals");
    closePortal(portalName);
    portals.put(portalName, new Portal(statement, parameters, formats));
    out.bindComplete();
  }

  private static void checkFormats(ResultFormats formats, int count, String what) {
    if (formats.count() > 1 && formats.count() != count) {
      throw new ProtocolException(
          "bind message has " + formats.count() + " formats for " + count + " " + what);
    }
  }

  private static ColumnType parameterType(ServerStatement statement, int index) {
    int oid = statement.parameterOids()[index];
    ColumnType type = PostgresTypes.find(oid & 0xffff_ffffL);
    if (type == null) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "parameter $" + (index + 1) + ": binary values of the type with number " + oid);
    }
    return type;
  }

  private ServerStatement statement(String name) {
    ServerStatement statement = statements.get(name);
    if (statement == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_STATEMENT,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  private Portal portal(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw new PpdbException(ErrorCode.UNDEFINED_CURSOR, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }

  private void describe(FrameReader reader) {
    byte kind = reader.readByte();
    String name = reader.readText();
    reader.requireEnd();
    if (kind == 'S') {
      ServerStatement statement = statement(name);
      out.parameterDescription(statement.parameterOids());
      describe(statement, ResultFormats.TEXT);
    } else if (kind == 'P') {
      Portal portal = portal(name);
      describe(portal.statement(), portal.formats());
    } else {
      throw new ProtocolException("describe message: expected S or P, seen " + kind);
    }
  }

  private void describe(ServerStatement statement, ResultFormats formats) {
    List<ResultColumn> columns = statement.columns();
    if (columns.isEmpty()) {
      out.noData();
    } else {
      out.rowDescription(columns, formats);
    }
  }

  private void execute(FrameReader reader) {
    Portal portal = portal(reader.readText());
    int maxRows = Math.max(0, reader.readInt());
    reader.requireEnd();
    if (portal.statement().isEmpty()) {
      out.emptyQuery();
      return;
    }
    String sql = portal.statement().sql();
    try {
      if (portal.result() == null && !portal.isFinished()) {
        transaction.checkPossible(sql);
      }
      Frame next = requests.peek();
      boolean alone = next != null && next.type() == Frame.SYNC && !transaction.isImplicit();
      if (run(portal, maxRows, /* describe= */ false, alone)) {
        out.commandComplete(portal.completion());
      } else {
        out.portalSuspended();
      }
    } catch (PpdbException | StackOverflowError | OutOfMemoryError e) {
      throw new StatementFailure(e, sql, 0);
    }
  }

  private void close(FrameReader reader) {
    byte kind = reader.readByte();
    String name = reader.readText();
    reader.requireEnd();
    if (kind == 'S') {
      statements.remove(name);
    } else if (kind == 'P') {
      closePortal(name);
    } else {
      throw new ProtocolException("close message: expected S or P, seen " + kind);
    }
    out.closeComplete();
  }

  private void sync() {
    skipping = false;
    try {
      transaction.endImplicit();
    } catch (PpdbException e) {
      failed(e, "", 0);
    }
    if (isIdle()) {
      closePortals();
    }
    ready();
    out.flush();
  }

  private void closePortal(String name) {
    Portal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    }
  }

  private void closePortals() {
    portals.values().forEach(Portal::close);
    portals.clear();
  }

  /**
   * Runs a portal, or lets it go on; whether it has come to its end.
   *
   * @param maxRows after which it stops for now; 0 for all
   * @param describe whether the client is told of the columns first
   * @param alone whether nothing else belongs to the transaction that it would begin
   */
  private boolean run(Portal portal, int maxRows, boolean describe, boolean alone) {
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
      run(command);
      portal.finish();
      return;
    }
    Control control = statement.control();
    PreparedSql prepared = requireNonNull(statement.prepared());
    running = prepared;
    checkCancelled();
    if (control != Control.NONE) {
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

  private void run(SessionCommand command) {
    switch (command.kind()) {
      case LISTEN -> notifications.listen(command.name());
      case UNLISTEN -> notifications.unlisten(command.name());
      case NOTIFY -> notifications.send(command.name(), command.payload(), isIdle());
      case DEALLOCATE -> {
        if (command.name().isEmpty()) {
          statements.clear();
        } else {
          statement(command.name());
          statements.remove(command.name());
        }
      }
      case DISCARD -> discard(command.name());
    }
  }

  private void discard(String what) {
    if (!what.equals("ALL")) {
      return; // no plans, sequences or temporary tables are the session's own
    }
    if (!isIdle()) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
    }
    statements.clear();
    notifications.unlisten("");
    session.execute("RESET ALL");
    session.execute("RESET SESSION AUTHORIZATION");
    observer.settingsChanged();
  }

  /** Sends rows; whether they have come to their end. */
  private boolean sendRows(Portal portal, int maxRows) {
    ResultFormats formats = portal.formats();
    ZoneId zone = session.timeZone();
    int columnCount = requireNonNull(portal.result()).columns().size();
    if (columnCount != portal.statement().columns().size()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "cached plan must not change result type; prepare it again");
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

  /** For a request that came before the statement ran that it was meant for. */
  private void checkCancelled() {
    if (cancelled) {
      throw new PpdbException(ErrorCode.CANCELLED, "the statement was cancelled");
    }
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

  /** Lets all that runs fail from now on; from any thread. */
  void abort() {
    session.abort();
  }

  /** Ends the session. */
  void end() {
    notifications.unlisten("");
    closePortals();
    session.close();
  }
}

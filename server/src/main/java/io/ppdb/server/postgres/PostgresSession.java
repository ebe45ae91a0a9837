package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import io.ppdb.server.net.RequestQueue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client that has logged in asks for, message by message. Used by one worker at a time, save
 * for {@link #cancel} and {@link #abort}.
 *
 * <p>After an error in the extended protocol, messages are ignored until Sync. {@link
 * TransactionState} says which statements are possible.
 */
final class PostgresSession {
  private static final long NEXT_MESSAGE_MILLIS = 20;

  /** The letters of COPY. */
  private static final int COPY = 'C' << 24 | 'O' << 16 | 'P' << 8 | 'Y';

  private final RelationalSession session;
  private final BackendWriter out;
  private final RequestQueue<Frame> requests;
  private final SessionNotifications notifications;
  private final TransactionState transaction;
  private final SessionObjects objects = new SessionObjects();
  private final PortalRunner runner;
  private boolean skipping;

  PostgresSession(
      RelationalSession session,
      BackendWriter out,
      RequestQueue<Frame> requests,
      SessionObserver observer,
      SessionNotifications notifications) {
    this.session = session;
    this.out = out;
    this.requests = requests;
    this.notifications = notifications;
    this.transaction = new TransactionState(session, notifications, objects::closePortals);
    SessionCommands commands =
        new SessionCommands(session, objects, observer, notifications, transaction);
    this.runner = new PortalRunner(session, out, requests, observer, transaction, commands);
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
    runner.setReady();
  }

  /**
   * Whether serving a message may wait for further ones: what COPY reads, or what follows Execute.
   */
  boolean mayWait(Frame frame, boolean last) {
    return switch (frame.type()) {
      case Frame.QUERY -> mayCopy(frame.content());
      case Frame.EXECUTE -> last || copies(frame);
      default -> false;
    };
  }

  /** Whether a text has the word COPY anywhere. */
  private static boolean mayCopy(ByteBuf text) {
    int end = text.writerIndex() - 3;
    for (int i = text.readerIndex(); i < end; i++) {
      if ((text.getInt(i) & 0xdfdf_dfdf) == COPY) {
        return true;
      }
    }
    return false;
  }

  private boolean copies(Frame execute) {
    ByteBuf content = execute.content();
    int length = content.bytesBefore((byte) 0);
    return length >= 0
        && objects.copiesFromClient(
            content.toString(content.readerIndex(), length, StandardCharsets.UTF_8));
  }

  /** Serves a message; errors go to the client, but for those of the protocol. */
  void serve(Frame frame) {
    if (skipping && frame.type() != Frame.SYNC) {
      return;
    }
    runner.setBusy();
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
    objects.closePortal("");
    ErrorReport.of(error, sql, offset).writeTo(out);
    transaction.statementFailed();
  }

  private void query(FrameReader reader) {
    String text = reader.readText();
    reader.requireEnd();
    objects.closePortal("");
    objects.removeStatement("");
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
          runner.run(
              portal, 0, /* describe= */ true, /* alone= */ last && !transaction.isImplicit());
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
    objects.checkNewStatement(name);
    List<QueryText> queries = QueryText.split(sql);
    if (queries.size() > 1) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    try {
      if (queries.isEmpty()) {
        objects.putStatement(name, ServerStatement.EMPTY);
      } else {
        String one = queries.get(0).sql();
        transaction.checkPossible(one);
        objects.putStatement(name, ServerStatement.prepare(session, one, declared));
      }
    } catch (PpdbException | StackOverflowError e) {
      throw new StatementFailure(e, sql, queries.isEmpty() ? 0 : queries.get(0).offset());
    }
    out.parseComplete();
  }

  private void bind(FrameReader reader) {
    String portalName = reader.readText();
    ServerStatement statement = objects.statement(reader.readText());
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
    objects.putPortal(portalName, new Portal(statement, parameters, formats));
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

  private void describe(FrameReader reader) {
    byte kind = reader.readByte();
    String name = reader.readText();
    reader.requireEnd();
    if (kind == 'S') {
      ServerStatement statement = objects.statement(name);
      out.parameterDescription(statement.parameterOids());
      describe(statement, ResultFormats.TEXT);
    } else if (kind == 'P') {
      Portal portal = objects.portal(name);
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
    Portal portal = objects.portal(reader.readText());
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
      boolean alone = !transaction.isImplicit() && isSyncNext();
      if (runner.run(portal, maxRows, /* describe= */ false, alone)) {
        out.commandComplete(portal.completion());
      } else {
        out.portalSuspended();
      }
    } catch (PpdbException | StackOverflowError | OutOfMemoryError e) {
      throw new StatementFailure(e, sql, 0);
    }
  }

  /** Whether the transaction ends with what is executed: it may be tried again then. */
  private boolean isSyncNext() {
    try {
      // A client that waits for an answer sends more than Execute; it may be on the way still.
      Frame next = requests.peek(NEXT_MESSAGE_MILLIS);
      return next != null && next.type() == Frame.SYNC;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void close(FrameReader reader) {
    byte kind = reader.readByte();
    String name = reader.readText();
    reader.requireEnd();
    if (kind == 'S') {
      objects.removeStatement(name);
    } else if (kind == 'P') {
      objects.closePortal(name);
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
      objects.closePortals();
    }
    ready();
    out.flush();
  }

  /** Lets what runs fail with CANCELLED; from any thread. */
  void cancel() {
    runner.cancel();
  }

  /** Lets all that runs fail from now on; from any thread. */
  void abort() {
    session.abort();
  }

  /** Ends the session. */
  void end() {
    notifications.unlisten("");
    objects.closePortals();
    session.close();
  }
}

package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlStatement;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session on a server.
 *
 * <p>Each execution is one flush and, as far as it has few rows, one read. Rows are read from the
 * connection as they are asked for; whatever else is to be sent first takes those into memory that
 * have not been read. After an error within a transaction the server takes back the statement only,
 * as a session within the process does.
 */
final class RemoteSession implements SqlSession {
  private static final char IDLE = 'I';

  private final RemoteUrl target;
  private final Wire wire;
  private final Map<String, String> parameters = new HashMap<>();

  /** Names of statements ({@code S…}) and portals ({@code P…}) that the server may forget. */
  private final List<String> forgotten = new ArrayList<>();

  private final List<RemoteResult> ofTransaction = new ArrayList<>();
  private int processId;
  private int secret;
  private char status = IDLE;
  private boolean autoCommit = true;
  private boolean readOnly;
  private int isolation = Connection.TRANSACTION_REPEATABLE_READ;
  private int nameCount;
  private boolean closed;

  /** Whether a transaction was begun for what runs, which ends with it. */
  private boolean wrapped;

  /** Whose rows are on the way. */
  private @Nullable RemoteResult reading;

  private ZoneId zone = ZoneOffset.UTC;

  private RemoteSession(RemoteUrl target, Wire wire) {
    this.target = target;
    this.wire = wire;
  }

  static RemoteSession open(RemoteUrl target) throws SQLException {
    Wire wire = Handshake.open(target);
    RemoteSession session = new RemoteSession(target, wire);
    try {
      Handshake.logIn(
          wire,
          target,
          "client_encoding",
          "UTF8",
          "application_name",
          target.property("ApplicationName", "PPDB JDBC driver"),
          "ppdb.transaction_after_error",
          "continue");
      session.readUntilReady(null);
      wire.setTimeout(target.millis("socketTimeout", 0));
      return session;
    } catch (SQLException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  Wire wire() {
    return wire;
  }

  /** The zone in which the server reads and shows instants. */
  ZoneId zone() {
    return zone;
  }

  String newName(char kind) {
    return "" + kind + ++nameCount;
  }

  /** Lets the server forget a statement or portal with what is sent next. */
  void forget(char kind, String name) {
    forgotten.add(kind + name);
  }

  void checkOpen() throws SQLException {
    if (closed) {
      throw SqlErrors.closed("connection");
    }
  }

  // ---- Exchanges

  /** Readies the connection for messages: takes in rows that are still on the way. */
  void startCommand() throws SQLException {
    checkOpen();
    RemoteResult before = reading;
    if (before != null) {
      before.takeIn();
    }
    wire.discardPending();
    for (String each : forgotten) {
      wire.begin('C');
      wire.writeByte(each.charAt(0));
      wire.writeText(each.substring(1));
      wire.end();
    }
    forgotten.clear();
  }

  /** Statements of the session itself before one of the caller's; how many there are. */
  int writeBegin() {
    wrapped = autoCommit && readOnly && status == IDLE;
    if (status != IDLE || (autoCommit && !wrapped)) {
      return 0;
    }
    writeUnnamed(
        "BEGIN"
            + (isolation == Connection.TRANSACTION_SERIALIZABLE
                ? " ISOLATION LEVEL SERIALIZABLE"
                : "")
            + (readOnly ? " READ ONLY" : ""));
    return 1;
  }

  /** And after it. */
  void writeEnd(int begun) {
    if (begun > 0 && autoCommit) {
      writeUnnamed("COMMIT");
    }
  }

  void writeUnnamed(String sql) {
    writeParse("", sql);
    wire.begin('B');
    wire.writeText("");
    wire.writeText("");
    wire.writeShort(0);
    wire.writeShort(0);
    wire.writeShort(0);
    wire.end();
    writeExecute("", 0);
  }

  void writeParse(String name, String sql) {
    wire.begin('P');
    wire.writeText(name);
    wire.writeText(sql);
    wire.writeShort(0);
    wire.end();
  }

  void writeExecute(String portal, int maxRows) {
    wire.begin('E');
    wire.writeText(portal);
    wire.writeInt(maxRows);
    wire.end();
  }

  /** Marks a result as the one whose rows come next; null if there is none any more. */
  void setReading(@Nullable RemoteResult result) {
    reading = result;
  }

  /**
   * Reads the next message that is about what was asked; its type. What the server says by itself
   * is taken note of.
   */
  char read() throws SQLException {
    while (true) {
      char type = wire.read();
      switch (type) {
        case 'S':
          parameterChanged(wire.readText(), wire.readText());
          break;
        case 'N':
        case 'A':
          break;
        case 'Z':
          status = (char) wire.readByte();
          return type;
        default:
          return type;
      }
    }
  }

  private void parameterChanged(String name, String value) {
    parameters.put(name, value);
    if (name.equals("TimeZone")) {
      try {
        zone = ZoneId.of(value);
      } catch (DateTimeException e) {
        zone = ZoneOffset.UTC;
      }
    }
  }

  /** Reads up to ReadyForQuery; throws {@code error}, or else the first one that comes. */
  void readUntilReady(@Nullable SQLException error) throws SQLException {
    SQLException first = error;
    while (true) {
      switch (read()) {
        case 'Z':
          afterCommand();
          if (first != null) {
            throw first;
          }
          return;
        case 'E':
          SQLException next = ServerErrors.read(wire);
          first = first == null ? next : first;
          break;
        case 'K':
          processId = wire.readInt();
          secret = wire.readInt();
          break;
        default:
          break;
      }
    }
  }

  /** A read-only statement of its own that has failed has left its transaction open. */
  private void afterCommand() throws SQLException {
    boolean open = wrapped && status != IDLE;
    wrapped = false;
    if (open) {
      simple("ROLLBACK");
    }
    if (status == IDLE) {
      ofTransaction.clear();
    }
  }

  /** Runs a statement without parameters; the first value of its rows, if it has one. */
  @Nullable String simple(String sql) throws SQLException {
    startCommand();
    wire.begin('Q');
    wire.writeText(sql);
    wire.end();
    wire.flush();
    String value = null;
    SQLException error = null;
    while (true) {
      switch (read()) {
        case 'Z':
          if (error != null) {
            throw error;
          }
          return value;
        case 'E':
          error = ServerErrors.read(wire);
          break;
        case 'D':
          if (wire.readShort() > 0 && wire.readInt() >= 0) {
            value = new String(wire.readRest(), StandardCharsets.UTF_8);
          }
          break;
        default:
          break;
      }
    }
  }

  /** Lets what the server does for this session fail; from any thread. */
  void cancelRunning() throws SQLException {
    Handshake.cancel(target, processId, secret);
  }

  void opened(RemoteResult result) {
    if (!autoCommit || status != IDLE) {
      ofTransaction.add(result);
    }
  }

  void closed(RemoteResult result) {
    ofTransaction.remove(result);
  }

  /** Ends the results of the transaction, which ends. */
  void endResults() throws SQLException {
    for (RemoteResult each : List.copyOf(ofTransaction)) {
      each.end();
    }
    ofTransaction.clear();
  }

  // ---- Session

  /** What the server says of a statement. */
  static final class Description {
    int[] parameterOids = new int[0];
    List<ParameterInfo> parameters = List.of();
    List<ColumnInfo> columns = List.of();
  }

  @Override
  public SqlStatement prepare(String sql) throws SQLException {
    String name = newName('s');
    return new RemoteStatement(this, sql, name, describe(name, sql));
  }

  /** Prepares a statement on the server. */
  Description describe(String name, String sql) throws SQLException {
    startCommand();
    writeParse(name, sql);
    wire.begin('D');
    wire.writeByte('S');
    wire.writeText(name);
    wire.end();
    wire.empty('S');
    wire.flush();
    Description description = new Description();
    while (true) {
      switch (read()) {
        case 't':
          description.parameterOids = new int[wire.readShort() & 0xffff];
          description.parameters = new ArrayList<>();
          for (int i = 0; i < description.parameterOids.length; i++) {
            description.parameterOids[i] = wire.readInt();
            description.parameters.add(WireTypes.parameter(description.parameterOids[i]));
          }
          break;
        case 'T':
          description.columns = columns();
          break;
        case 'E':
          readUntilReady(ServerErrors.read(wire));
          break;
        case 'Z':
          return description;
        default:
          break;
      }
    }
  }

  private List<ColumnInfo> columns() throws SQLException {
    int count = wire.readShort();
    List<ColumnInfo> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String label = wire.readText();
      wire.readInt();
      wire.readShort();
      int oid = wire.readInt();
      wire.readShort();
      int modifier = wire.readInt();
      wire.readShort();
      columns.add(WireTypes.column(label, oid, modifier));
    }
    return columns;
  }

  @Override
  public boolean isAutoCommit() {
    return autoCommit;
  }

  @Override
  public void setAutoCommit(boolean newAutoCommit) throws SQLException {
    if (newAutoCommit != autoCommit) {
      commit();
      autoCommit = newAutoCommit;
    }
  }

  @Override
  public boolean isInTransaction() {
    return status != IDLE;
  }

  @Override
  public void commit() throws SQLException {
    endTransaction("COMMIT");
  }

  @Override
  public void rollback() throws SQLException {
    endTransaction("ROLLBACK");
  }

  private void endTransaction(String statement) throws SQLException {
    checkOpen();
    endResults();
    if (reading != null) {
      startCommand();
    }
    if (status != IDLE) {
      simple(statement);
    }
  }

  @Override
  public void setSavepoint(String name) throws SQLException {
    startCommand();
    if (status == IDLE) {
      simple("BEGIN");
    }
    simple("SAVEPOINT " + quoted(name));
  }

  @Override
  public void rollbackToSavepoint(String name) throws SQLException {
    checkOpen();
    endResults();
    simple("ROLLBACK TO SAVEPOINT " + quoted(name));
  }

  @Override
  public void releaseSavepoint(String name) throws SQLException {
    simple("RELEASE SAVEPOINT " + quoted(name));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public void setReadOnly(boolean newReadOnly) throws SQLException {
    checkOpen();
    if (newReadOnly && status != IDLE) {
      simple("SET TRANSACTION READ ONLY");
    }
    readOnly = newReadOnly;
  }

  @Override
  public int isolation() {
    return isolation;
  }

  @Override
  public void setIsolation(int level) throws SQLException {
    checkOpen();
    if (!supportsIsolation(level)) {
      throw SqlErrors.notSupported("no transaction isolation has the number " + level);
    }
    int known = Math.max(level, Connection.TRANSACTION_READ_COMMITTED);
    simple(
        "SET default_transaction_isolation TO "
            + (known == Connection.TRANSACTION_SERIALIZABLE
                ? "'serializable'"
                : known == Connection.TRANSACTION_REPEATABLE_READ
                    ? "'repeatable read'"
                    : "'read committed'"));
    isolation = known;
  }

  @Override
  public boolean supportsIsolation(int level) {
    switch (level) {
      case Connection.TRANSACTION_READ_UNCOMMITTED:
      case Connection.TRANSACTION_READ_COMMITTED:
      case Connection.TRANSACTION_REPEATABLE_READ:
      case Connection.TRANSACTION_SERIALIZABLE:
        return true;
      default:
        return false;
    }
  }

  @Override
  public String schema() throws SQLException {
    String schema = simple("SELECT current_schema()");
    return schema == null ? "" : schema;
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    String before = simple("SHOW search_path");
    simple("SET search_path TO " + quoted(schema));
    if (!schema.equals(schema())) {
      simple("SET search_path TO " + before);
      throw SqlErrors.of("3F000", "schema \"" + schema + "\" does not exist");
    }
  }

  @Override
  public String catalog() {
    return target.database();
  }

  @Override
  public String userName() {
    return parameters.getOrDefault("session_authorization", target.user());
  }

  @Override
  public boolean isDatabaseReadOnly() {
    return false;
  }

  /** What follows the name of the product in the version that it tells clients of PostgreSQL. */
  @Override
  public String databaseVersion() {
    String version = parameters.getOrDefault("server_version", "");
    int start = version.indexOf("(PPDB ");
    int end = version.indexOf(')', start + 1);
    return start < 0 || end < 0 ? version : version.substring(start + 6, end);
  }

  @Override
  public void setClientInfo(String name, @Nullable String value) throws SQLException {
    checkOpen();
    if (name.equals("ApplicationName")) {
      simple("SET application_name TO " + literal(value == null ? "" : value));
    }
  }

  @Override
  public boolean isValid(int timeoutMillis) {
    if (closed || wire.isBroken()) {
      return false;
    }
    try {
      startCommand();
      wire.setTimeout(timeoutMillis);
      wire.empty('S');
      wire.flush();
      readUntilReady(null);
      wire.setTimeout(target.millis("socketTimeout", 0));
      return true;
    } catch (SQLException e) {
      wire.close(); // what it answers later would be taken for an answer to something else
      return false;
    }
  }

  @Override
  public void abort() {
    wire.close();
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    if (!wire.isBroken()) {
      wire.discardPending();
      wire.empty('X');
      try {
        wire.flush();
      } finally {
        wire.close();
      }
    }
  }
}

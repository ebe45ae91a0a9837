package io.ppdb.server.postgres;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.ppdb.database.Database;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.pgcatalog.ServerParameters;
import io.ppdb.server.config.Setting;
import io.ppdb.server.net.RequestQueue;
import io.ppdb.server.postgres.PostgresProtocol.Services;
import io.ppdb.server.security.AuthenticationException;
import io.ppdb.server.security.Gate;
import io.ppdb.server.security.Principal;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a session: who the client says it is, the exchange that shows it, and what the
 * session then tells it. Used by one worker at a time.
 */
final class Login {
  /** What clients take for PostgreSQL's version: the one whose catalog and protocol are spoken. */
  static final String SERVER_VERSION =
      ServerParameters.VERSION + " (PPDB " + Database.VERSION + ")";

  private final Channel channel;
  private final Services services;
  private final BackendWriter out;
  private final RequestQueue<Frame> requests;

  private @Nullable StartupParameters parameters;
  private Gate.@Nullable Attempt attempt;
  private @Nullable ScramExchange exchange;
  private boolean firstMessage = true;
  private @Nullable Principal counted;
  private Backends.@Nullable Key key;
  private boolean over;

  Login(Channel channel, Services services, BackendWriter out, RequestQueue<Frame> requests) {
    this.channel = channel;
    this.services = services;
    this.out = out;
    this.requests = requests;
  }

  /** Whether nothing more is to come of it. */
  boolean isOver() {
    return over;
  }

  /** Serves a message; the session, when somebody is let in. */
  @Nullable PostgresSession serve(Frame frame) {
    try {
      if (frame.type() == Frame.STARTUP) {
        return startup(new FrameReader(frame));
      }
      Gate.Attempt begun = attempt;
      ScramExchange scram = exchange;
      if (frame.type() != Frame.PASSWORD || begun == null || scram == null) {
        throw new ProtocolException("expected a message of the login");
      }
      return password(new FrameReader(frame), begun, scram);
    } catch (AuthenticationException e) {
      services.metrics().login(PostgresProtocol.NAME, true);
      String sqlState =
          switch (e.reason()) {
            case WRONG, MISSING -> "28P01";
            case REFUSED -> "28000";
            case LIMIT -> "53300";
          };
      throw new ProtocolException(sqlState, e.getMessage());
    }
  }

  private @Nullable PostgresSession startup(FrameReader reader) throws AuthenticationException {
    int code = reader.readInt();
    if (code == FrontendDecoder.CANCEL_REQUEST) {
      services.backends().cancel(new Backends.Key(reader.readInt(), reader.readInt()));
      over = true;
      return null;
    }
    if (code >>> 16 != FrontendDecoder.VERSION_3 >>> 16) {
      throw new ProtocolException(
          "0A000",
          "unsupported frontend protocol "
              + (code >>> 16)
              + "."
              + (code & 0xffff)
              + ": server supports 3.0");
    }
    boolean encrypted = channel.pipeline().get(SslHandler.class) != null;
    if (!encrypted && services.configuration().get(Setting.TLS_REQUIRED)) {
      throw new ProtocolException("28000", "this server takes connections with TLS only");
    }
    StartupParameters read = StartupParameters.read(reader);
    parameters = read;
    if (code != FrontendDecoder.VERSION_3) {
      negotiate();
    }
    if (!read.database().equals(Database.CATALOG_NAME) && !read.database().equals(read.user())) {
      throw new ProtocolException(
          "3D000",
          "database \"" + read.database() + "\" does not exist; there is " + Database.CATALOG_NAME);
    }
    Gate.Attempt begun =
        services
            .gate()
            .begin(read.user(), PostgresProtocol.NAME, (InetSocketAddress) channel.remoteAddress());
    if (begun.isTrusted()) {
      return begin(read, begun.withoutProof());
    }
    attempt = begun;
    exchange = new ScramExchange(begun.verifier());
    out.authenticationSasl(ScramExchange.MECHANISM);
    return null;
  }

  /** Tells a client that knows a newer minor version which one is spoken. */
  private void negotiate() {
    out.begin('v');
    out.buffer().writeInt(FrontendDecoder.VERSION_3);
    out.buffer().writeInt(0);
    out.end();
  }

  private @Nullable PostgresSession password(
      FrameReader reader, Gate.Attempt begun, ScramExchange scram) throws AuthenticationException {
    if (firstMessage) {
      firstMessage = false;
      String mechanism = reader.readText();
      if (!mechanism.equals(ScramExchange.MECHANISM)) {
        throw new ProtocolException(
            "expected SASL mechanism " + ScramExchange.MECHANISM + ", seen " + mechanism);
      }
      int length = reader.readInt();
      String message = new String(reader.readBytes(length), StandardCharsets.UTF_8);
      out.authenticationSasl(false, scram.first(message));
      return null;
    }
    ScramExchange.Outcome outcome =
        scram.last(new String(reader.readRest(), StandardCharsets.UTF_8));
    Principal principal = begun.withProof(outcome.right());
    out.authenticationSasl(true, outcome.message());
    return begin(requireNonNull(parameters), principal);
  }

  private PostgresSession begin(StartupParameters given, Principal principal)
      throws AuthenticationException {
    services.gate().begun(principal);
    counted = principal;
    services.metrics().login(PostgresProtocol.NAME, false);
    RelationalSession engine = services.database().openSession(principal.role());
    Backends.Key newKey = services.backends().newKey();
    try {
      applySettings(engine, given.settings());
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
    ReportedSettings reported = new ReportedSettings(engine, principal.role(), out);
    PostgresSession session =
        new PostgresSession(
            engine,
            out,
            requests,
            new StatementObserver(principal, services.metrics(), services.audit(), reported),
            new SessionNotifications(
                services.notifications(),
                newKey.processId(),
                () -> requests.add(new Frame(Frame.WAKE, Unpooled.EMPTY_BUFFER), 0)));
    services.backends().add(newKey, session::cancel);
    key = newKey;
    out.authenticationOk();
    reported.all(SERVER_VERSION);
    out.backendKey(newKey.processId(), newKey.secret());
    return session;
  }

  private void applySettings(RelationalSession engine, Map<String, String> settings) {
    Duration timeout = services.configuration().get(Setting.STATEMENT_TIMEOUT);
    if (!timeout.isZero()) {
      engine.execute("SET statement_timeout = " + timeout.toMillis());
    }
    for (Map.Entry<String, String> each : settings.entrySet()) {
      engine
          .execute(
              "SET "
                  + List.of(each.getKey().split("\\.", -1)).stream()
                      .map(part -> '"' + part.toLowerCase(Locale.ROOT).replace("\"", "\"\"") + '"')
                      .collect(Collectors.joining("."))
                  + " TO '"
                  + each.getValue().replace("'", "''")
                  + "'")
          .close();
    }
  }

  /** The connection has ended. */
  void ended() {
    Principal principal = counted;
    counted = null;
    if (principal != null) {
      services.gate().ended(principal);
    }
    Backends.Key known = key;
    if (known != null) {
      services.backends().remove(known);
    }
  }
}

package io.ppdb.server.security;

import io.ppdb.database.Database;
import io.ppdb.relational.Logins.Login;
import io.ppdb.relational.access.ScramVerifier;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Setting;
import io.ppdb.server.security.AuthenticationException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says who somebody is. All protocols ask here before they do anything else. Thread-safe.
 *
 * <p>A role that may log in and has a password shows that it knows it. The role {@code ppdb} is let
 * in without one from this machine, as long as it has none and nobody turned that off. A name that
 * is not known is treated like one whose password is wrong, in the same time.
 */
public final class Gate {
  /** The role that a database has from its beginning. */
  public static final String OWNER = "ppdb";

  private final Database database;
  private final boolean localTrust;
  private final LoginThrottle throttle;
  private final AuditLog audit;
  private final Clock clock = Clock.systemUTC();
  private final VerifiedPasswords verified = new VerifiedPasswords();
  private final UnknownRoles unknownRoles = new UnknownRoles();
  private final ConcurrentHashMap<String, Integer> sessionCounts = new ConcurrentHashMap<>();

  public Gate(Database database, Configuration configuration, AuditLog audit) {
    this.database = database;
    this.localTrust = configuration.get(Setting.LOCAL_TRUST);
    this.throttle = new LoginThrottle(configuration.get(Setting.FAILED_LOGINS));
    this.audit = audit;
  }

  /** A login that has begun: somebody who says who they are, and has to show it unless trusted. */
  public final class Attempt {
    private final String role;
    private final String protocol;
    private final InetSocketAddress remote;
    private final Optional<Login> login;
    private final boolean trusted;

    private Attempt(
        String role,
        String protocol,
        InetSocketAddress remote,
        Optional<Login> login,
        boolean trusted) {
      this.role = role;
      this.protocol = protocol;
      this.remote = remote;
      this.login = login;
      this.trusted = trusted;
    }

    /** Whether nothing has to be shown. */
    public boolean isTrusted() {
      return trusted;
    }

    /** By what a SCRAM exchange goes; one that nobody can pass if the role has no password. */
    public ScramVerifier verifier() {
      return login.map(Login::verifier).orElseGet(() -> unknownRoles.verifier(role));
    }

    /** Ends it by a password. */
    public Principal withPassword(String password) throws AuthenticationException {
      boolean right = verified.isKnown(role, verifier(), password) || verifier().matches(password);
      if (right && login.isPresent()) {
        verified.add(role, verifier(), password);
      }
      return withProof(right);
    }

    /** Ends it by a proof, which the caller has found to be right or not. */
    public Principal withProof(boolean right) throws AuthenticationException {
      boolean valid =
          right
              && login
                  .filter(known -> known.verifier() != null)
                  .filter(
                      known ->
                          known.validUntil() == null
                              || clock.instant().isBefore(known.validUntil()))
                  .isPresent();
      if (!valid) {
        throttle.failed(remote.getAddress());
        audit.login(role, protocol, text(remote), "wrong password");
        throw new AuthenticationException(
            Reason.WRONG, "password authentication failed for user \"" + role + "\"");
      }
      return admitted();
    }

    /** Ends it without: for whoever is trusted. */
    public Principal withoutProof() throws AuthenticationException {
      if (!trusted) {
        throw new AuthenticationException(
            Reason.MISSING, "a password is needed for user \"" + role + "\"");
      }
      return admitted();
    }

    private Principal admitted() {
      throttle.succeeded(remote.getAddress());
      audit.login(role, protocol, text(remote), "ok");
      return new Principal(role, protocol, text(remote));
    }
  }

  /**
   * Begins a login.
   *
   * @throws AuthenticationException if the address has failed too often
   */
  public Attempt begin(String role, String protocol, InetSocketAddress remote)
      throws AuthenticationException {
    if (throttle.isRefused(remote.getAddress())) {
      audit.login(role, protocol, text(remote), "too many failed logins");
      throw new AuthenticationException(
          Reason.LIMIT,
          "too many failed logins from " + remote.getAddress().getHostAddress() + "; try later");
    }
    Optional<Login> login = database.logins().find(role);
    boolean trusted =
        localTrust
            && role.equals(OWNER)
            && remote.getAddress().isLoopbackAddress()
            && login.isPresent()
            && login.get().verifier() == null;
    return new Attempt(role, protocol, remote, login, trusted);
  }

  /**
   * Counts a session of somebody; {@link #ended} takes it back.
   *
   * @throws AuthenticationException if the role has as many as it may have
   */
  public void begun(Principal principal) throws AuthenticationException {
    int limit = database.logins().find(principal.role()).map(Login::connectionLimit).orElse(-1);
    int count = sessionCounts.merge(principal.role(), 1, Integer::sum);
    if (limit >= 0 && count > limit) {
      ended(principal);
      throw new AuthenticationException(
          Reason.LIMIT, "too many connections for role \"" + principal.role() + "\"");
    }
  }

  /** Takes back what {@link #begun} counted. */
  public void ended(Principal principal) {
    sessionCounts.computeIfPresent(
        principal.role(), (role, count) -> count == 1 ? null : (Integer) (count - 1));
  }

  /** Whether some role that may log in has a password. */
  boolean hasPassword() {
    return database.logins().anyVerifier();
  }

  /** An address as logs and messages show it. */
  public static String text(InetSocketAddress remote) {
    InetAddress address = remote.getAddress();
    return (address == null ? remote.getHostString() : address.getHostAddress())
        + ":"
        + remote.getPort();
  }

  /** Bytes of a text, for keys of hashes. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

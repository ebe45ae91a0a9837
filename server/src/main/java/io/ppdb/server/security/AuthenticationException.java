package io.ppdb.server.security;

/** Somebody is not let in; the message can be shown to them. */
public final class AuthenticationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Password, proof or token is wrong, or there is no such role. */
    WRONG,
    /** A password is needed and none was given. */
    MISSING,
    /** It could be right, but not from here, now or without TLS. */
    REFUSED,
    /** Too many of them, or too many attempts. */
    LIMIT
  }

  private final Reason reason;

  public AuthenticationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public Reason reason() {
    return reason;
  }
}

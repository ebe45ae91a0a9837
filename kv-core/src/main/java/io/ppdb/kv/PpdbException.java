package io.ppdb.kv;

import org.jspecify.annotations.Nullable;

/**
 * The one exception PPDB throws to its callers.
 *
 * <p>The message names what, where, expected and seen. What a program branches on is {@link
 * #code()}, never the text.
 */
public class PpdbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public PpdbException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public PpdbException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** This error at another place: what was refused once is refused again, with a new stack. */
  public PpdbException repeated() {
    return new PpdbException(code, String.valueOf(getMessage()), this);
  }

  public ErrorCode code() {
    return code;
  }

  /** Whether running the whole transaction again may succeed; see {@link ErrorCode}. */
  public boolean isRetryable() {
    return code.isRetryable();
  }
}

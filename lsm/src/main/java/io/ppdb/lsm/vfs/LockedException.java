package io.ppdb.lsm.vfs;

import java.io.IOException;

/** Somebody else holds a lock; the message says who. */
public final class LockedException extends IOException {
  private static final long serialVersionUID = 1L;

  LockedException(String message) {
    super(message);
  }
}

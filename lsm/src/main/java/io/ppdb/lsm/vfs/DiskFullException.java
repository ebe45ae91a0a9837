package io.ppdb.lsm.vfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no space left for a write. What the write covered is undefined. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

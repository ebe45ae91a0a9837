package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;

/** Is told of what a session does. */
interface SessionObserver {
  /** A statement has run, to its end or to its row limit. */
  void ran(String tag, boolean failed, long nanos);

  /** A statement has failed. */
  void failed(String tag, ErrorCode code);

  /** Settings may have other values. */
  void settingsChanged();
}

package io.ppdb.jdbc;

import java.sql.NClob;
import java.sql.SQLException;
import javax.sql.rowset.serial.SerialClob;

/** A character object held in memory: what the driver gives for a CLOB and takes for one. */
final class MemoryClob extends SerialClob implements NClob {
  private static final long serialVersionUID = 1L;

  private MemoryClob(char[] text) throws SQLException {
    super(text);
  }

  static MemoryClob of(String text) throws SQLException {
    return new MemoryClob(text.toCharArray());
  }
}

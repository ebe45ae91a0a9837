package io.ppdb.relational;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.expr.TextFormat;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Results as text, one line for each row. */
final class SqlText {
  private SqlText() {}

  static List<String> rows(RelationalSession session, String sql, Object... parameters) {
    try (StatementResult result = session.execute(sql, parameters)) {
      return rows(result);
    }
  }

  /** What is left to read of {@code result}; nothing if it is a count. */
  static List<String> rows(StatementResult result) {
    List<String> lines = new ArrayList<>();
    if (!result.hasRows()) {
      return lines;
    }
    RowCursor rows = result.rows();
    while (rows.next()) {
      StringJoiner line = new StringJoiner("|");
      for (int i = 0; i < result.columns().size(); i++) {
        line.add(
            rows.isNull(i)
                ? "NULL"
                : TextFormat.format(rows.vector(i), rows.position(), ZoneOffset.UTC));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** What a statement gives, as files of examples show it: rows, a count, or an error. */
  static List<String> result(RelationalSession session, String sql) {
    try {
      PreparedSql prepared = session.prepare(sql);
      if (prepared.hasRows()) {
        List<String> rows = rows(session, sql);
        return rows.isEmpty() ? List.of("(no rows)") : rows;
      }
      try (StatementResult result = prepared.execute()) {
        return List.of("ok " + result.updateCount());
      }
    } catch (PpdbException e) {
      return List.of(e.code() + ": " + e.getMessage());
    }
  }
}

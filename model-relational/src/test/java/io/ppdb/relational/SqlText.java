package io.ppdb.relational;

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
  }
}

package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.copy.CopyFormat;
import io.ppdb.relational.copy.RowReader;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.exec.RowCursor;
import io.ppdb.relational.expr.TextFormat;
import io.ppdb.relational.parser.CopyNode;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;
import org.jspecify.annotations.Nullable;

/**
 * COPY at work: rows of a table or query to text, or text to rows of a table, all of them or none.
 * Used for one execution.
 */
final class CopyStatement {
  private static final int BATCH_ROWS = 1000;
  private static final String SAVEPOINT = "$copy";

  private final RelationalSession session;
  private final CopyNode node;
  private final CopyFormat format;
  private final Cancellation cancellation;

  CopyStatement(RelationalSession session, CopyNode node, Cancellation cancellation) {
    this.session = session;
    this.node = node;
    this.cancellation = cancellation;
    this.format = CopyFormat.of(node);
  }

  /** Copies from or to the file that the statement names; how many rows. */
  long runWithFile() {
    String file = node.file();
    if (file == null) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE, "COPY from STDIN or to STDOUT needs a stream of the program");
    }
    session.requireFiles(node.isFrom() ? Role.READ_SERVER_FILES : Role.WRITE_SERVER_FILES);
    try {
      if (node.isFrom()) {
        try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
          return read(reader);
        }
      }
      try (Writer writer = Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8)) {
        return write(writer);
      }
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "could not open file \"" + file + "\"", e);
    }
  }

  /** How many columns its rows have. */
  int columnCount() {
    return node.query() == null ? columnNames().size() : session.prepare(query()).columns().size();
  }

  /** Writes the rows; how many. */
  long write(Writer target) {
    if (node.isFrom()) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "COPY FROM reads from its stream");
    }
    PreparedSql query = session.prepare(query());
    try (StatementResult result = session.execute(query, new @Nullable Object[0], cancellation)) {
      BufferedWriter writer = new BufferedWriter(target);
      List<String> names = result.columns().stream().map(ResultColumn::name).toList();
      StringBuilder line = new StringBuilder();
      if (format.hasHeader()) {
        format.appendHeader(line, names);
      }
      RowCursor rows = result.rows();
      long count = 0;
      List<@Nullable String> values = new ArrayList<>();
      while (rows.next()) {
        cancellation.check();
        values.clear();
        for (int i = 0; i < names.size(); i++) {
          values.add(rows.isNull(i) ? null : text(rows, i));
        }
        format.appendRow(line, names, values);
        writer.append(line);
        line.setLength(0);
        count++;
      }
      writer.append(line).flush();
      return count;
    } catch (IOException e) {
      throw new PpdbException(ErrorCode.IO_ERROR, "could not write to COPY's target", e);
    }
  }

  private String query() {
    if (node.query() != null) {
      return node.query().toSqlString(PostgresqlSqlDialect.DEFAULT).getSql();
    }
    SqlNodeList columns = node.columns();
    String list =
        columns == null
            ? "*"
            : columns.stream().map(CopyStatement::quoted).collect(Collectors.joining(", "));
    return "SELECT " + list + " FROM " + table();
  }

  private String text(RowCursor rows, int column) {
    boolean truth = rows.types().get(column).kind() == TypeKind.BOOLEAN;
    return truth
        ? rows.getBoolean(column) ? "t" : "f"
        : TextFormat.format(rows.vector(column), rows.position(), session.timeZone());
  }

  /** Reads rows into the table; how many. */
  long read(Reader source) {
    if (!node.isFrom() || node.table() == null) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "only COPY of a table FROM reads rows");
    }
    List<String> names = columnNames();
    String parameters = names.stream().map(name -> "?").collect(Collectors.joining(", "));
    PreparedSql insert =
        session.prepare(
            "INSERT INTO "
                + table()
                + names.stream()
                    .map(CopyStatement::quoted)
                    .collect(Collectors.joining(", ", " (", ")"))
                + " VALUES ("
                + parameters
                + ")");
    boolean own = !session.isInTransaction();
    if (own) {
      session.begin();
    } else {
      session.setSavepoint(SAVEPOINT);
    }
    try {
      long count = insertAll(format.reader(new BufferedReader(source), names), names, insert);
      if (own) {
        session.commit();
      } else {
        session.releaseSavepoint(SAVEPOINT);
      }
      return count;
    } catch (RuntimeException | Error e) {
      if (session.isInTransaction()) {
        if (own) {
          session.rollback();
        } else {
          session.rollbackTo(SAVEPOINT);
          session.releaseSavepoint(SAVEPOINT);
        }
      }
      throw e;
    }
  }

  private long insertAll(RowReader reader, List<String> names, PreparedSql insert) {
    List<@Nullable String> row;
    if (format.hasHeader()) {
      reader.next();
    }
    long count = 0;
    long firstLine = 0;
    long lastLine = 0;
    List<@Nullable Object[]> batch = new ArrayList<>();
    while ((row = reader.next()) != null) {
      cancellation.check();
      lastLine = reader.line();
      firstLine = batch.isEmpty() ? lastLine : firstLine;
      batch.add(values(row, names, insert.parameterTypes(), lastLine));
      if (batch.size() == BATCH_ROWS) {
        insert(insert, batch, firstLine, lastLine);
        count += batch.size();
        batch.clear();
      }
    }
    insert(insert, batch, firstLine, lastLine);
    return count + batch.size();
  }

  private void insert(
      PreparedSql insert, List<@Nullable Object[]> batch, long firstLine, long lastLine) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      session.executeBatch(insert, batch, cancellation);
    } catch (PpdbException e) {
      throw new PpdbException(
          e.code(),
          e.getMessage()
              + " (COPY "
              + node.table()
              + ", lines "
              + firstLine
              + " to "
              + lastLine
              + ")",
          e);
    }
  }

  private @Nullable Object[] values(
      List<@Nullable String> row, List<String> names, List<ColumnType> types, long line) {
    if (row.size() != names.size()) {
      throw new PpdbException(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          (row.size() < names.size()
                  ? "missing data for column \"" + names.get(row.size()) + "\""
                  : "extra data after last expected column")
              + " (COPY "
              + node.table()
              + ", line "
              + line
              + ")");
    }
    @Nullable Object[] values = new @Nullable Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      String text = row.get(i);
      if (text == null) {
        continue;
      }
      try {
        values[i] = ParameterValues.convert(text, types.get(i), session.timeZone());
      } catch (PpdbException e) {
        throw new PpdbException(
            e.code(),
            e.getMessage()
                + " (COPY "
                + node.table()
                + ", line "
                + line
                + ", column "
                + names.get(i)
                + ": \""
                + text
                + "\")",
            e);
      }
    }
    return values;
  }

  private List<String> columnNames() {
    SqlNodeList columns = node.columns();
    return columns == null
        ? session.columnNames(target())
        : columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  private SqlIdentifier target() {
    SqlIdentifier table = node.table();
    if (table == null) {
      throw new IllegalStateException("COPY of a query has no table");
    }
    return table;
  }

  private String table() {
    return target().names.stream().map(CopyStatement::quoted).collect(Collectors.joining("."));
  }

  private static String quoted(Object name) {
    return '"' + name.toString().replace("\"", "\"\"") + '"';
  }
}

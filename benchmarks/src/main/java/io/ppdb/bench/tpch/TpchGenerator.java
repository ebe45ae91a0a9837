package io.ppdb.bench.tpch;

import io.ppdb.bench.Side;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the data set as files {@code TABLE.tbl}, in a JVM of its own: {@code generate FOLDER SF}.
 */
public final class TpchGenerator implements Side {
  @Override
  public List<String> answer(List<String> words) throws IOException {
    Path folder = Files.createDirectories(Path.of(words.get(1)));
    double scaleFactor = Double.parseDouble(words.get(2));
    for (TpchTables table : TpchTables.values()) {
      write(TpchTable.getTable(table.tableName()), scaleFactor, folder.resolve(table + ".tbl"));
    }
    return List.of();
  }

  private static <E extends TpchEntity> void write(
      TpchTable<E> table, double scaleFactor, Path file) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (E row : table.createGenerator(scaleFactor, 1, 1)) {
        String line = row.toLine();
        // dbgen ends each line with a separator; without it a line is plain delimited text.
        writer.write(line, 0, line.endsWith("|") ? line.length() - 1 : line.length());
        writer.newLine();
      }
    }
  }
}

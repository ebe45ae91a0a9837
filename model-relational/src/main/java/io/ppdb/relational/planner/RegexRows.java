package io.ppdb.relational.planner;

import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.expr.RegexFunctions;
import io.ppdb.relational.spi.RowListSource;
import io.ppdb.relational.spi.TableFunction;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code regexp_matches} and {@code regexp_split_to_table}. */
final class RegexRows implements TableFunction {
  private final String name;
  private final boolean hasFlags;
  private final boolean splits;

  private RegexRows(String name, boolean hasFlags, boolean splits) {
    this.name = name;
    this.hasFlags = hasFlags;
    this.splits = splits;
  }

  /** Each with and without flags. */
  static List<TableFunction> all() {
    List<TableFunction> functions = new ArrayList<>();
    for (boolean hasFlags : new boolean[] {false, true}) {
      functions.add(new RegexRows("regexp_matches", hasFlags, false));
      functions.add(new RegexRows("regexp_split_to_table", hasFlags, true));
    }
    return functions;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ColumnType> parameterTypes() {
    return Collections.nCopies(hasFlags ? 3 : 2, ColumnType.TEXT);
  }

  @Override
  public List<OutputColumn> outputColumns(List<@Nullable Object> constants) {
    ColumnType type = splits ? ColumnType.TEXT : ColumnType.array(ColumnType.TEXT);
    return List.of(new OutputColumn(name, type));
  }

  @Override
  public BatchSource open(List<@Nullable Object> arguments, ExecutionContext context) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (arguments.get(0) instanceof String text
        && arguments.get(1) instanceof String regex
        && (!hasFlags || arguments.get(2) != null)) {
      String flags = hasFlags ? String.valueOf(arguments.get(2)) : "";
      Pattern pattern = RegexFunctions.pattern(regex, flags);
      if (splits) {
        RegexFunctions.split(text, pattern)
            .forEach(part -> rows.add(new @Nullable Object[] {part}));
      } else {
        addMatches(pattern.matcher(text), flags.indexOf('g') >= 0, rows);
      }
    }
    return new RowListSource(rows.iterator(), new int[] {0});
  }

  private static void addMatches(Matcher matcher, boolean all, List<@Nullable Object[]> rows) {
    while (matcher.find()) {
      rows.add(new @Nullable Object[] {RegexFunctions.groups(matcher)});
      if (!all) {
        return;
      }
    }
  }
}

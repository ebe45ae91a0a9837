package io.ppdb.relational.pgcatalog;

import com.google.common.base.Splitter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function of PostgreSQL that we have too, as {@code functions.txt} has it: oid, name, kind,
 * volatility, strict, gives rows, result, arguments.
 */
record SystemFunction(
    long oid,
    String name,
    String kind,
    String volatility,
    boolean isStrict,
    boolean returnsSet,
    long result,
    List<Long> arguments) {
  /** The functions, by oid. */
  static final Map<Long, SystemFunction> ALL = all();

  SystemFunction {
    arguments = List.copyOf(arguments);
  }

  private static Map<Long, SystemFunction> all() {
    Map<Long, SystemFunction> functions = new LinkedHashMap<>();
    for (String line : Resources.lines("functions.txt")) {
      List<String> words = Splitter.on(' ').splitToList(line);
      long oid = Long.parseLong(words.get(0));
      functions.put(
          oid,
          new SystemFunction(
              oid,
              words.get(1),
              words.get(2),
              words.get(3),
              words.get(4).equals("t"),
              words.get(5).equals("t"),
              Long.parseLong(words.get(6)),
              Splitter.on(',')
                  .omitEmptyStrings()
                  .splitToStream(words.get(7).equals("-") ? "" : words.get(7))
                  .map(Long::valueOf)
                  .toList()));
    }
    return functions;
  }
}

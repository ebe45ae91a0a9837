package io.ppdb.relational.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How EXPLAIN names a scan: {@code Index Range Scan on t using i backward (a = 1)}.
 *
 * @param method how it reads, for instance {@code Seq Scan}
 * @param relation what it reads
 * @param index by which index; empty if by none
 * @param condition on what it reads, in parentheses; empty if it reads everything
 */
public record ScanText(
    String method, String relation, String index, boolean isBackward, String condition) {

  /** A scan without an index. */
  public ScanText(String method, String relation, String condition) {
    this(method, relation, "", false, condition);
  }

  /** Its parts by the names that PostgreSQL gives them in JSON. */
  public Map<String, Object> properties() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("Node Type", method);
    properties.put("Relation Name", relation);
    if (!index.isEmpty()) {
      properties.put("Index Name", index);
    }
    if (isBackward) {
      properties.put("Scan Direction", "Backward");
    }
    if (!condition.isEmpty()) {
      properties.put("Index Cond", condition);
    }
    return Collections.unmodifiableMap(properties);
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>(List.of(method, "on", relation));
    if (!index.isEmpty()) {
      words.add("using " + index);
    }
    if (isBackward) {
      words.add("backward");
    }
    if (!condition.isEmpty()) {
      words.add(condition);
    }
    return String.join(" ", words);
  }
}

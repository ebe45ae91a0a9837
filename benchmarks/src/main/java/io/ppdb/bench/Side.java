package io.ppdb.bench;

import java.util.List;

/** What a child JVM does for its suite: answers one request at a time. */
public interface Side {
  /**
   * Does what {@code words} ask for.
   *
   * @return the lines of the answer; none may contain a line break
   */
  List<String> answer(List<String> words) throws Exception;
}

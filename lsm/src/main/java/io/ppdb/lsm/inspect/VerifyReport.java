package io.ppdb.lsm.inspect;

import java.util.List;

/**
 * What a store consists of, and what is wrong with it.
 *
 * @param tableCount tables that the manifest names
 * @param entryCount entries of those that could be read
 * @param tableBytes bytes of their files
 * @param segmentCount log segments that the manifest names
 * @param commitCount commits in those that could be read
 * @param leftovers files that the next opening deletes: no damage
 * @param problems one line each, naming the file; none if the store is whole
 */
public record VerifyReport(
    int tableCount,
    long entryCount,
    long tableBytes,
    int segmentCount,
    long commitCount,
    List<String> leftovers,
    List<String> problems) {
  public boolean isWhole() {
    return problems.isEmpty();
  }
}

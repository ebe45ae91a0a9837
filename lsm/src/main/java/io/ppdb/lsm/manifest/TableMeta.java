package io.ppdb.lsm.manifest;

import io.ppdb.lsm.table.TableProperties;
import java.util.Locale;

/**
 * A table as the manifest knows it.
 *
 * @param number of its file
 * @param level where in the tree it is
 * @param sizeInBytes length of its file
 * @param properties what the table says about itself
 */
public record TableMeta(long number, int level, long sizeInBytes, TableProperties properties) {
  private static final String SUFFIX = ".sst";

  /** The name of table file {@code number}. */
  public static String fileName(long number) {
    return String.format(Locale.ROOT, "%06d%s", number, SUFFIX);
  }

  public static boolean isTable(String name) {
    return name.endsWith(SUFFIX);
  }

  public String fileName() {
    return fileName(number);
  }

  /** The same table in another level. */
  public TableMeta atLevel(int newLevel) {
    return new TableMeta(number, newLevel, sizeInBytes, properties);
  }
}

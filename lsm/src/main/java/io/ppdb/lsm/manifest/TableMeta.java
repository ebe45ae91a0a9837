package io.ppdb.lsm.manifest;

import io.ppdb.lsm.table.TableProperties;
import java.util.Locale;

/**
 * A table as the manifest knows it.
 *
 * @param number of its file
 * @param level where in the tree it is
 * @param sizeInBytes length of its file
 * @param properties what the table says about itself, but for its versions if those are not its own
 * @param globalVersion the version of all its entries, in the place of the 0 that the file has; 0
 *     if the file has the versions
 */
public record TableMeta(
    long number, int level, long sizeInBytes, TableProperties properties, long globalVersion) {
  private static final String SUFFIX = ".sst";

  /** A table whose file has the versions of its entries. */
  public TableMeta(long number, int level, long sizeInBytes, TableProperties properties) {
    this(number, level, sizeInBytes, properties, 0);
  }

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
    return new TableMeta(number, newLevel, sizeInBytes, properties, globalVersion);
  }

  /** This table, whose file has no versions, with {@code version} for all its entries. */
  public TableMeta atVersion(long version) {
    return new TableMeta(number, level, sizeInBytes, properties.atVersion(version), version);
  }

  /** What the file says. */
  TableProperties propertiesOfFile() {
    return globalVersion == 0 ? properties : properties.atVersion(0);
  }
}

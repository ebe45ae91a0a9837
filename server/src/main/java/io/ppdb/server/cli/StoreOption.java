package io.ppdb.server.cli;

import io.ppdb.database.Engines;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the option {@code --store} takes, and what takes directories only. */
final class StoreOption {
  /** How {@code SCHEME://…} looks once it has been taken for a path. */
  private static final Pattern NO_DIRECTORY = Pattern.compile("([a-z]+):/.*");

  private StoreOption() {}

  /** {@code store} itself, which says how it is opened. */
  static String checked(String store) {
    if (!Engines.hasScheme(store)) {
      throw new CommandFailure(
          "'" + store + "' names no store on a cluster; expected hbase://ZOOKEEPER,…/NAME");
    }
    return store;
  }

  /** Fails with NOT_SUPPORTED if {@code directory} is what {@code --store} takes. */
  static void checkDirectory(String command, Path directory) {
    Matcher location = NO_DIRECTORY.matcher(directory.toString());
    if (location.matches()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "ppdb "
              + command
              + " works on the files of the lsm engine; the "
              + location.group(1)
              + " engine has none here");
    }
  }
}

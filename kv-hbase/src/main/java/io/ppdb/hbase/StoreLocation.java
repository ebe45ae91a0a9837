package io.ppdb.hbase;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a store on a cluster is: {@code hbase://zk1,zk2:2181/store[?oracle=host:port]}.
 *
 * @param zooKeeper the hosts of ZooKeeper, with ports or not, separated by commas
 * @param store the name of the store: a namespace of HBase
 * @param oracle where the timestamp oracle listens; null if ZooKeeper knows
 */
public record StoreLocation(String zooKeeper, String store, @Nullable String oracle) {
  private static final Pattern SHAPE =
      Pattern.compile("hbase://([^/?]+)/([a-zA-Z0-9_]+)(?:\\?oracle=([^&?]+))?");

  public static StoreLocation parse(String location) {
    Matcher matcher = SHAPE.matcher(location);
    if (!matcher.matches()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "'" + location + "' is no location of a store: expected hbase://HOST[:PORT][,…]/STORE");
    }
    return new StoreLocation(matcher.group(1), matcher.group(2), matcher.group(3));
  }
}

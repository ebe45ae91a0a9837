package io.ppdb.hbase.omid;

import io.ppdb.hbase.StoreLocation;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.omid.transaction.HBaseOmidClientConfiguration;
import org.apache.omid.tso.client.OmidClientConfiguration.ConnType;

/** Opens stores; what the rest of kv-hbase calls, by interfaces that it shares with it. */
public final class OmidEngine implements BiFunction<String, StoreOptions, KeyValueStore> {
  /** The store at a location; see {@link StoreLocation}. Its tables are there. */
  @Override
  public KeyValueStore apply(String location, StoreOptions options) {
    return withOwnClasses(() -> open(location, options));
  }

  private static KeyValueStore open(String location, StoreOptions options) {
    StoreLocation where = StoreLocation.parse(location);
    Configuration hbase = hbase(where);
    HBaseOmidClientConfiguration omid = new HBaseOmidClientConfiguration();
    omid.setHBaseConfiguration(hbase);
    String oracle = where.oracle();
    if (oracle == null) {
      omid.setConnectionType(ConnType.HA);
      omid.setConnectionString(where.zooKeeper());
    } else {
      omid.setConnectionType(ConnType.DIRECT);
      omid.setConnectionString(oracle);
    }
    return new OmidStore(OmidConnection.open(hbase, omid), where.store(), options);
  }

  /** Makes the tables of a store, and those of Omid, as far as they are not there. */
  public static void createTables(String location) {
    withOwnClasses(
        () -> {
          create(location);
          return true;
        });
  }

  private static void create(String location) {
    StoreLocation where = StoreLocation.parse(location);
    try (Connection connection = ConnectionFactory.createConnection(hbase(where));
        Admin admin = connection.getAdmin()) {
      new StoreTables(where.store()).create(admin, new byte[0][], new byte[0][]);
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot make the tables of " + location, e);
    }
  }

  /**
   * Lets Hadoop find its classes, which it looks for by the thread's class loader; threads that it
   * starts inherit that.
   */
  private static <T> T withOwnClasses(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader callers = thread.getContextClassLoader();
    thread.setContextClassLoader(OmidEngine.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(callers);
    }
  }

  private static Configuration hbase(StoreLocation where) {
    Configuration hbase = HBaseConfiguration.create();
    hbase.set("hbase.zookeeper.quorum", where.zooKeeper());
    return hbase;
  }
}

package io.ppdb.hbase.omid;

import io.ppdb.hbase.HBaseEngine;
import io.ppdb.hbase.StoreLocation;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.codec.KeyWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionConfiguration;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.omid.transaction.HBaseOmidClientConfiguration;
import org.apache.omid.tso.client.OmidClientConfiguration.ConnType;

/** The engine itself, as {@link HBaseEngine} loads it together with the libraries of HBase. */
public final class OmidEngine implements KeyValueEngine {
  /** As many as the salt of a commit's row has values: {@link Committer}. */
  private static final int MAX_REGION_COUNT = CommitLog.SALTS;

  // While a store is opened or made, a cluster that does not serve is to be an error, not a wait.
  private static final int OPENING_RETRIES = 6;
  private static final int OPENING_CALL_MILLIS = 5_000;
  private static final int OPENING_MILLIS = 20_000;

  // A server that does not answer any more is left soon, so that those are asked who took over its
  // regions; HBase's own client waits for a minute a call, and twenty in all.
  private static final int CALL_MILLIS = 10_000;
  private static final int SCAN_CALL_MILLIS = 20_000;
  private static final int OPERATION_MILLIS = 60_000;

  /** Less than {@code transact} tries for; Omid's own is ten. */
  private static final int RECONNECTION_SECONDS = 1;

  @Override
  public String name() {
    return HBaseEngine.NAME;
  }

  @Override
  public KeyValueStore open(String location, StoreOptions options) {
    return withOwnClasses(() -> openStore(location, options));
  }

  private static KeyValueStore openStore(String location, StoreOptions options) {
    StoreLocation where = StoreLocation.parse(location);
    Configuration hbase = hbase(where);
    new ClusterCheck(where, hbase).run(true);
    checkTables(where, location);
    HBaseOmidClientConfiguration omid = new HBaseOmidClientConfiguration();
    omid.setHBaseConfiguration(hbase);
    omid.getOmidClientConfiguration().setReconnectionDelayInSecs(RECONNECTION_SECONDS);
    String oracle = where.oracle();
    if (oracle == null) {
      omid.setConnectionType(ConnType.HA);
      omid.setConnectionString(where.zooKeeper());
    } else {
      omid.setConnectionType(ConnType.DIRECT);
      omid.setConnectionString(oracle);
    }
    OmidConnection connection = OmidConnection.open(hbase, omid);
    boolean serves = false;
    try {
      connection.begin(); // who listens there may not be the oracle
      OmidStore store = new OmidStore(connection, where.store(), options);
      store.tidy();
      serves = true;
      return store;
    } finally {
      if (!serves) {
        connection.close();
      }
    }
  }

  private static void checkTables(StoreLocation where, String location) {
    try (Connection connection = ConnectionFactory.createConnection(hastily(hbase(where)));
        Admin admin = connection.getAdmin()) {
      if (!new StoreTables(where.store()).exist(admin)) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "there is no store '"
                + where.store()
                + "' on the cluster at "
                + where.zooKeeper()
                + "; make it: ./ppdb cluster init --store '"
                + location
                + "'");
      }
    } catch (IOException e) {
      throw OmidConnection.unavailable("HBase at " + where.zooKeeper() + " does not serve", e);
    }
  }

  /** Makes the tables of a store, and those of Omid, as far as they are not there. */
  @Override
  public List<String> create(String location, int regionCount) {
    if (regionCount < 1 || regionCount > MAX_REGION_COUNT) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "a table of "
              + regionCount
              + " regions; from 1 to "
              + MAX_REGION_COUNT
              + " are possible");
    }
    return withOwnClasses(() -> createTables(location, regionCount));
  }

  private static List<String> createTables(String location, int regionCount) {
    StoreLocation where = StoreLocation.parse(location);
    Configuration hbase = hbase(where);
    new ClusterCheck(where, hbase).run(false);
    try (Connection connection = ConnectionFactory.createConnection(hastily(hbase));
        Admin admin = connection.getAdmin()) {
      return new StoreTables(where.store()).create(admin, splits(regionCount));
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot make the tables of " + location, e);
    }
  }

  /**
   * A region for each of the first objects of a database: they are what is written first. And as
   * many for the change log, whose rows begin with a byte at random. What grows is split by HBase.
   */
  private static byte[][] splits(int regionCount) {
    List<byte[]> starts = new ArrayList<>();
    for (long objectId = 1; objectId < regionCount; objectId++) {
      starts.add(RowLayout.row(KeyWriter.prefixOf(objectId)));
    }
    starts.add(new byte[] {RowLayout.LOG_PREFIX});
    for (int i = 1; i < regionCount; i++) {
      int salt = i * CommitLog.SALTS / regionCount;
      starts.add(new byte[] {RowLayout.LOG_PREFIX, (byte) salt});
    }
    return starts.toArray(byte[][]::new);
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
    hbase.set(HConstants.ZOOKEEPER_QUORUM, where.zooKeeper());
    hbase.setInt(HConstants.HBASE_RPC_TIMEOUT_KEY, CALL_MILLIS);
    hbase.setInt(ConnectionConfiguration.HBASE_CLIENT_META_READ_RPC_TIMEOUT_KEY, CALL_MILLIS);
    hbase.setInt(HConstants.HBASE_CLIENT_SCANNER_TIMEOUT_PERIOD, SCAN_CALL_MILLIS);
    hbase.setInt(ConnectionConfiguration.HBASE_CLIENT_META_SCANNER_TIMEOUT, CALL_MILLIS);
    hbase.setInt(HConstants.HBASE_CLIENT_OPERATION_TIMEOUT, OPERATION_MILLIS);
    hbase.setInt(HConstants.HBASE_CLIENT_META_OPERATION_TIMEOUT, OPERATION_MILLIS);
    return hbase;
  }

  private static Configuration hastily(Configuration hbase) {
    Configuration hasty = new Configuration(hbase);
    hasty.setInt(HConstants.HBASE_CLIENT_RETRIES_NUMBER, OPENING_RETRIES);
    hasty.setInt(HConstants.HBASE_RPC_TIMEOUT_KEY, OPENING_CALL_MILLIS);
    hasty.setInt(HConstants.HBASE_CLIENT_OPERATION_TIMEOUT, OPENING_MILLIS);
    hasty.setInt(HConstants.HBASE_CLIENT_META_OPERATION_TIMEOUT, OPENING_MILLIS);
    return hasty;
  }
}

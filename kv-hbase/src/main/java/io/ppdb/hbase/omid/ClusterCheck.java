package io.ppdb.hbase.omid;

import io.ppdb.hbase.StoreLocation;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HConstants;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/**
 * Finds out within seconds whether a cluster is there, and says what is not: the clients of HBase
 * and Omid would go on trying, and not say what they wait for.
 */
final class ClusterCheck {
  /** Where the oracle that leads publishes its address, {@code HOST:PORT#EPOCH}. */
  private static final String CURRENT_ORACLE = "/omid/current-tso";

  private static final String MASTER = "/master";
  private static final int CONNECT_MILLIS = 3_000;
  private static final int SESSION_MILLIS = 10_000;

  private final StoreLocation where;
  private final Configuration hbase;

  ClusterCheck(StoreLocation where, Configuration hbase) {
    this.where = where;
    this.hbase = hbase;
  }

  /**
   * Fails with UNAVAILABLE if ZooKeeper or HBase is not there.
   *
   * @param needsOracle whether it fails without the timestamp oracle too
   */
  void run(boolean needsOracle) {
    checkZooKeeperListens();
    String published = askZooKeeper(needsOracle && where.oracle() == null);
    String oracle = where.oracle();
    if (needsOracle) {
      checkListens("the timestamp oracle", oracle == null ? published : oracle);
    }
  }

  private void checkZooKeeperListens() {
    PpdbException failure = null;
    for (String address : where.zooKeeper().split(",", -1)) {
      try {
        checkListens(
            "ZooKeeper",
            address.contains(":")
                ? address
                : address
                    + ":"
                    + hbase.getInt(
                        HConstants.ZOOKEEPER_CLIENT_PORT,
                        HConstants.DEFAULT_ZOOKEEPER_CLIENT_PORT));
        return;
      } catch (PpdbException e) {
        failure = e;
      }
    }
    throw failure == null ? unavailable("no ZooKeeper is named") : failure;
  }

  private static void checkListens(String who, String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      socket.connect(
          new InetSocketAddress(address.substring(0, Math.max(0, colon)), port), CONNECT_MILLIS);
    } catch (IOException | IllegalArgumentException e) {
      throw new PpdbException(
          ErrorCode.UNAVAILABLE, "cannot reach " + who + " at " + address + ": " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return switch (e.getClass().getSimpleName()) {
      case "UnknownHostException" -> "no such host";
      case "NumberFormatException" -> "expected HOST:PORT";
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Checks that HBase is there; returns the address of the oracle, or nothing. */
  private String askZooKeeper(boolean needsOracle) {
    try {
      CountDownLatch connected = new CountDownLatch(1);
      ZooKeeper zooKeeper =
          new ZooKeeper(
              where.zooKeeper(),
              SESSION_MILLIS,
              event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                  connected.countDown();
                }
              });
      try {
        if (!connected.await(SESSION_MILLIS, TimeUnit.MILLISECONDS)) {
          throw unavailable(
              "what listens at " + where.zooKeeper() + " is no ZooKeeper that serves");
        }
        checkHBaseRuns(zooKeeper);
        return needsOracle ? currentOracle(zooKeeper) : "";
      } finally {
        zooKeeper.close(SESSION_MILLIS);
      }
    } catch (IOException | KeeperException e) {
      throw OmidConnection.unavailable("ZooKeeper at " + where.zooKeeper() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while asking ZooKeeper at " + where.zooKeeper());
    }
  }

  private void checkHBaseRuns(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
    String master =
        hbase.get(HConstants.ZOOKEEPER_ZNODE_PARENT, HConstants.DEFAULT_ZOOKEEPER_ZNODE_PARENT)
            + MASTER;
    if (zooKeeper.exists(master, false) == null) {
      throw unavailable(
          "ZooKeeper at " + where.zooKeeper() + " knows no HBase that runs: no node " + master);
    }
  }

  private String currentOracle(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
    String published = "";
    if (zooKeeper.exists(CURRENT_ORACLE, false) != null) {
      byte[] data = zooKeeper.getData(CURRENT_ORACLE, false, null);
      published = data == null ? "" : new String(data, StandardCharsets.UTF_8);
    }
    int epoch = published.indexOf('#');
    if (epoch <= 0) {
      throw unavailable(
          "no timestamp oracle has published its address in ZooKeeper at "
              + where.zooKeeper()
              + " ("
              + CURRENT_ORACLE
              + "); start one that does, or name it: ?oracle=HOST:PORT");
    }
    return published.substring(0, epoch);
  }

  private static PpdbException unavailable(String message) {
    return new PpdbException(ErrorCode.UNAVAILABLE, message);
  }
}

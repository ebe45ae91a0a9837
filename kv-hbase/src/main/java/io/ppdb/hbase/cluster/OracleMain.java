package io.ppdb.hbase.cluster;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.omid.committable.hbase.DefaultHBaseCommitTableStorageModule;
import org.apache.omid.timestamp.storage.DefaultHBaseTimestampStorageModule;
import org.apache.omid.tso.TSOServer;
import org.apache.omid.tso.TSOServerConfig;
import org.apache.omid.tso.VoidLeaseManagementModule;

/**
 * The process of Omid's timestamp oracle, alone and without a lease. A process of its own, for it
 * ends the JVM when it finds that another one has taken over. Ends with standard input.
 */
final class OracleMain {
  /** Entries of the conflict map: as many claims back, older transactions are refused. */
  private static final int CONFLICT_MAP_SIZE = 4_000_000;

  private OracleMain() {}

  /** Arguments: port. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    TSOServerConfig configuration = new TSOServerConfig();
    configuration.setPort(Integer.parseInt(arguments[0]));
    configuration.setNetworkIfaceName("lo");
    configuration.setConflictMapSize(CONFLICT_MAP_SIZE);
    configuration.setWaitStrategy("LOW_CPU");
    configuration.setBatchPersistTimeoutInMs(2);
    configuration.setCommitTableStoreModule(new DefaultHBaseCommitTableStorageModule());
    configuration.setTimestampStoreModule(new DefaultHBaseTimestampStorageModule());
    configuration.setLeaseModule(new VoidLeaseManagementModule());
    TSOServer oracle = TSOServer.getInitializedTsoServer(configuration);
    oracle.startAsync();
    oracle.awaitRunning();
    out.println(Child.ANSWER + "ready");
    out.flush();
    while (System.in.read() >= 0) {
      // whoever started this process holds the other end
    }
    System.exit(0);
  }
}

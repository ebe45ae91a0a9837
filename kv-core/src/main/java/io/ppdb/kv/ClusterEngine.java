package io.ppdb.kv;

import java.io.IOException;

/** An engine whose stores lie on a cluster, which any number of processes have open at a time. */
public interface ClusterEngine extends KeyValueEngine {
  /**
   * Starts a whole cluster on this machine, to try things out with, and returns when it serves. It
   * ends with this process at the latest.
   *
   * @throws IOException naming the logs if it does not start
   */
  TrialCluster startTrial() throws IOException;

  /** A cluster that was started to try things out with. */
  interface TrialCluster extends AutoCloseable {
    /** The location of the one store that it has. */
    String location();

    /** Ends it and deletes its files. Does nothing if it has ended. */
    @Override
    void close();
  }
}

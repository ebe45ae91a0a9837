package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.hbase.cluster.ClusterProcess;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a commit when the way to the oracle is cut, before it is asked and after. */
@Tag("cluster")
class OracleLossTest {
  private static final byte[] KEY = {1};
  private static final byte[] VALUE = {2};
  private static final String COMMIT_TABLE = "OMID_COMMIT_TABLE";

  /** Passes connections on to the oracle, until it is told not to. */
  private static final class Passage implements AutoCloseable {
    private final int port;
    private final int oraclePort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerSocket server;
    private volatile @Nullable Work insteadOfNextAnswer;

    Passage(int oraclePort) throws IOException {
      this.oraclePort = oraclePort;
      try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        this.port = any.getLocalPort();
      }
      open();
    }

    final void open() throws IOException {
      ServerSocket opened = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
      server = opened;
      start(
          () -> {
            while (true) {
              Socket client = opened.accept();
              Socket oracle = new Socket(InetAddress.getLoopbackAddress(), oraclePort);
              sockets.add(client);
              sockets.add(oracle);
              start(() -> pass(client, oracle, false));
              start(() -> pass(oracle, client, true));
            }
          });
    }

    private interface Work {
      void run() throws IOException;
    }

    private static void start(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException e) {
                  // cut
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private void pass(Socket from, Socket to, boolean isAnswer) throws IOException {
      byte[] bytes = new byte[1 << 16];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          Work instead = insteadOfNextAnswer;
          if (isAnswer && instead != null) {
            instead.run();
            insteadOfNextAnswer = null;
            return;
          }
          out.write(bytes, 0, count);
        }
      } finally {
        from.close();
        to.close();
      }
    }

    /** Loses the next answer of the oracle, and does {@code work} before anybody knows. */
    void loseNextAnswer(Work work) {
      insteadOfNextAnswer = work;
    }

    @Override
    public void close() throws IOException {
      cut();
    }

    void cut() throws IOException {
      ServerSocket open = server;
      if (open != null) {
        open.close();
      }
      for (Socket socket : sockets) {
        socket.close();
      }
      sockets.clear();
    }
  }

  private static Passage passage() throws IOException {
    String oracle = RunningCluster.cluster().oracle();
    return new Passage(Integer.parseInt(oracle.substring(oracle.indexOf(':') + 1)));
  }

  private static KeyValueStore open(Passage passage) {
    RunningCluster.openEmpty("loss", StoreOptions.DEFAULT).close();
    String location = RunningCluster.location("loss").replaceAll("\\?.*", "");
    return new HBaseEngine()
        .open(location + "?oracle=localhost:" + passage.port, StoreOptions.DEFAULT);
  }

  @Test
  void commitWhoseAnswerIsLostIsStillOne() throws IOException {
    try (Passage passage = passage();
        KeyValueStore store = open(passage);
        Transaction transaction = store.begin()) {
      transaction.put(KEY, VALUE);
      passage.loseNextAnswer(() -> {});
      long version = transaction.commit();
      assertThat(passage.insteadOfNextAnswer).isNull();
      assertThat(version).isPositive();
      assertThat(store.get(KEY)).isEqualTo(VALUE);
    }
  }

  /** The oracle has committed, and neither it nor its table can be asked. */
  @Test
  void commitThatNobodyCanBeAskedAboutIsUnknown() throws IOException {
    ClusterProcess cluster = RunningCluster.cluster();
    try (Passage passage = passage();
        KeyValueStore store = open(passage);
        Transaction transaction = store.begin()) {
      transaction.put(KEY, VALUE);
      passage.loseNextAnswer(
          () -> {
            cluster.serve(COMMIT_TABLE, false);
            passage.cut();
          });
      try {
        assertThatThrownBy(transaction::commit)
            .isInstanceOfSatisfying(
                PpdbException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN);
                  assertThat(e.isRetryable()).isFalse();
                });
      } finally {
        cluster.serve(COMMIT_TABLE, true);
      }
      try (KeyValueStore other = RunningCluster.open("loss", StoreOptions.DEFAULT)) {
        assertThat(other.get(KEY)).isEqualTo(VALUE);
      }
    }
  }

  @Test
  void commitThatTheOracleIsNeverAskedForIsNone() throws IOException {
    try (Passage passage = passage();
        KeyValueStore store = open(passage);
        Transaction transaction = store.begin()) {
      transaction.put(KEY, VALUE);
      passage.cut();
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      try (KeyValueStore other = RunningCluster.open("loss", StoreOptions.DEFAULT)) {
        assertThat(other.get(KEY)).isNull();
      }
      passage.open();
      putOnceTheOracleIsFound(store);
      assertThat(store.get(KEY)).isEqualTo(VALUE);
    }
  }

  /** Omid's client waits for seconds before it tries to connect again. */
  private static void putOnceTheOracleIsFound(KeyValueStore store) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        store.transact(
            transaction -> {
              transaction.put(KEY, VALUE);
              return true;
            });
        return;
      } catch (PpdbException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(System.nanoTime()).isLessThan(deadlineNanos);
      }
    }
  }
}

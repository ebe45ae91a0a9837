package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What opening says when there is no cluster; what needs one is in {@link ClusterStoreTest}. */
class HBaseEngineTest {
  private final KeyValueEngine engine = KeyValueEngine.named("hbase", getClass().getClassLoader());

  private static void assertFails(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void locationsSayWhatTheyLack() {
    for (String location :
        new String[] {
          "hbase://", "hbase://zk1", "hbase:///store", "hbase://zk1/a/b", "hbase://zk1/a?b=c"
        }) {
      assertFails(
          () -> engine.open(location, StoreOptions.DEFAULT),
          ErrorCode.INVALID_ARGUMENT,
          location,
          "hbase://HOST[:PORT]");
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void whoDoesNotAnswerIsNamedSoon() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    String location = "hbase://localhost:" + closed + "/store";
    assertFails(
        () -> engine.open(location, StoreOptions.DEFAULT),
        ErrorCode.UNAVAILABLE,
        "cannot reach ZooKeeper at localhost:" + closed);
    assertFails(() -> engine.create(location, 1), ErrorCode.UNAVAILABLE, "cannot reach ZooKeeper");
    assertFails(
        () -> engine.open("hbase://no-such-host.invalid/store", StoreOptions.DEFAULT),
        ErrorCode.UNAVAILABLE,
        "no-such-host.invalid:2181",
        "no such host");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void whatIsNoZooKeeperIsNotWaitedForLong() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertFails(
          () ->
              engine.open(
                  "hbase://localhost:" + mute.getLocalPort() + "/store", StoreOptions.DEFAULT),
          ErrorCode.UNAVAILABLE,
          "no ZooKeeper that serves");
    }
  }

  @Test
  void aTableHasAtLeastOneRegion() {
    assertFails(
        () -> engine.create("hbase://localhost/store", 0), ErrorCode.INVALID_ARGUMENT, "0 regions");
  }
}

package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two gateways to one store: what one of them changes is so for the other one too. */
@Tag("cluster")
class GatewaysTest {
  private static final KeyRange RANGE = KeyRange.prefix(bytes("p/"));
  private static final byte[] KEY = bytes("p/key");

  private final KeyValueStore left = RunningCluster.open("gateways", StoreOptions.DEFAULT);
  private final KeyValueStore right = RunningCluster.open("gateways", StoreOptions.DEFAULT);

  @AfterEach
  void close() {
    left.close();
    right.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static RangePolicy policy(RangePolicy.Claims claims) {
    return RangePolicy.DEFAULT.withClaims(claims);
  }

  private static RangePolicy.Claims other(RangePolicy.Claims claims) {
    return claims == RangePolicy.Claims.SHARED
        ? RangePolicy.Claims.EXCLUSIVE
        : RangePolicy.Claims.SHARED;
  }

  private static void put(KeyValueStore store, String value) {
    store.transact(
        transaction -> {
          transaction.put(KEY, bytes(value));
          return true;
        });
  }

  private static void assertRefused(Transaction transaction) {
    assertThatThrownBy(transaction::commit)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  /** Left has put by policies that right, when it began to guard, could not know. */
  @ParameterizedTest
  @EnumSource
  void guardByOldPoliciesMeetsThePutByNewOnes(RangePolicy.Claims claims) {
    left.setPolicy(RANGE, policy(claims));
    put(right, "before");
    try (Transaction guard = right.begin()) {
      guard.guard(KEY);
      left.setPolicy(RANGE, policy(other(claims)));
      put(left, "after");
      assertRefused(guard);
    }
  }

  /** Right has not looked at the policies since left changed them. */
  @ParameterizedTest
  @EnumSource
  void guardOfAGatewayThatKnewOtherPoliciesMeetsThePutOfTheOne(RangePolicy.Claims claims) {
    left.setPolicy(RANGE, policy(claims));
    put(right, "before");
    left.setPolicy(RANGE, policy(other(claims)));
    try (Transaction guard = right.begin()) {
      guard.guard(KEY);
      put(left, "after");
      assertRefused(guard);
    }
    try (Transaction lock = left.begin()) {
      lock.lockForUpdate(KEY);
      try (Transaction guard = right.begin()) {
        guard.guard(KEY);
        guard.commit();
      }
      assertRefused(lock);
    }
  }

  /** Ranges that get a neighbour's start, and ranges that lose theirs, are other ranges. */
  @Test
  void rangeThatIsJoinedWithItsNeighbourIsDeletedWithAllWhoWriteIntoIt() {
    KeyRange neighbour = KeyRange.of(bytes("p0"), bytes("q"));
    left.setPolicy(RANGE, policy(RangePolicy.Claims.EXCLUSIVE).withHistory(Duration.ZERO));
    left.setPolicy(neighbour, policy(RangePolicy.Claims.SHARED));
    try (Transaction writer = right.begin()) {
      writer.put(bytes("pp"), bytes("1"));
      left.setPolicy(RANGE, policy(RangePolicy.Claims.SHARED));
      left.transact(
          transaction -> {
            transaction.deleteRange(neighbour);
            return true;
          });
      assertRefused(writer);
    }
  }

  /** A gateway that reads all the time has read just before the change, and while it was made. */
  @Test
  void noGatewayKeepsPoliciesBeyondTheirChange() {
    AtomicBoolean isOver = new AtomicBoolean();
    CompletableFuture<Void> reads =
        CompletableFuture.runAsync(
            () -> {
              while (!isOver.get()) {
                right.policy(KEY);
              }
            });
    try {
      for (int minutes = 1; minutes <= 5; minutes++) {
        RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ofMinutes(minutes));
        left.setPolicy(RANGE, policy);
        assertThat(right.policy(KEY)).isEqualTo(policy);
      }
    } finally {
      isOver.set(true);
    }
    reads.join();
  }

  /** Its mark stays, and keeps nobody from changing policies. */
  @Test
  void changeOfAGatewayThatIsClosedMeanwhileIsNotMade() throws InterruptedException {
    RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ofHours(1));
    RangePolicy other = RangePolicy.DEFAULT.withHistory(Duration.ofHours(2));
    left.setPolicy(RANGE, RangePolicy.DEFAULT);
    KeyValueStore third = RunningCluster.open("gateways", StoreOptions.DEFAULT);
    CompletableFuture<Void> change =
        CompletableFuture.runAsync(() -> third.setPolicy(RANGE, policy));
    Thread.sleep(150);
    third.close();
    try {
      change.join();
      assertThat(left.policy(KEY)).isEqualTo(policy); // it was quick
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(PpdbException.class);
      assertThat(left.policy(KEY)).isEqualTo(RangePolicy.DEFAULT);
    }
    right.setPolicy(RANGE, other);
    assertThat(left.policy(KEY)).isEqualTo(other);
    assertThat(right.policy(KEY)).isEqualTo(other);
  }

  @Test
  void changesByTwoGatewaysAtATimeAreAllMade() {
    List<KeyRange> ranges =
        IntStream.range(0, 4).mapToObj(i -> KeyRange.prefix(bytes("two/" + i))).toList();
    for (Duration history : List.of(Duration.ofMinutes(1), Duration.ofMinutes(2))) {
      RangePolicy policy = RangePolicy.DEFAULT.withHistory(history);
      List<CompletableFuture<Void>> changes = new ArrayList<>();
      for (int i = 0; i < ranges.size(); i++) {
        KeyValueStore store = i % 2 == 0 ? left : right;
        KeyRange range = ranges.get(i);
        changes.add(CompletableFuture.runAsync(() -> store.setPolicy(range, policy)));
      }
      changes.forEach(CompletableFuture::join);
      for (KeyRange range : ranges) {
        assertThat(left.policy(range.start())).isEqualTo(policy);
        assertThat(right.policy(range.start())).isEqualTo(policy);
      }
    }
  }

  @Test
  void everyGatewayTakesWhatOneHasAllowed() {
    left.setPolicy(RANGE, RangePolicy.DEFAULT);
    put(right, "before");
    left.transact(
        transaction -> {
          transaction.delete(KEY);
          return true;
        });
    RangePolicy mergeable = RangePolicy.DEFAULT.withUse(RangePolicy.Use.MERGEABLE);
    left.setPolicy(RANGE, mergeable);
    try (Transaction one = left.begin();
        Transaction two = right.begin()) {
      for (Transaction transaction : new Transaction[] {one, two}) {
        transaction.merge(MergeOperators.LONG_ADD, KEY, MergeOperators.encodeLong(5));
      }
      one.commit();
      two.commit();
    }
    assertThat(left.get(KEY)).isEqualTo(MergeOperators.encodeLong(10));
    assertThat(right.policy(KEY)).isEqualTo(mergeable);
    left.transact(
        transaction -> {
          transaction.delete(KEY);
          return true;
        });
  }
}

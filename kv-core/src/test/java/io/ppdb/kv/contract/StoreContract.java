package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh store for every case of a part of the contract. */
abstract class StoreContract implements StoreFixture {
  private final ManualClock clock = new ManualClock();
  private final List<KeyValueStore> opened = new ArrayList<>();
  private @Nullable KeyValueStore store;

  /** Opens a new, empty store. It is closed after the test, if the test did not. */
  protected abstract KeyValueStore open(StoreOptions options);

  /** The options of the store that most cases use. */
  protected StoreOptions options() {
    return StoreOptions.DEFAULT
        .withClock(clock)
        .withMergeOperators(List.of(MergeOperators.LONG_ADD, MaxOperator.INSTANCE))
        .withMemtableBytes(1 << 20)
        .withBlockCacheBytes(8 << 20);
  }

  @BeforeEach
  void openStore() {
    store = another(options());
  }

  @AfterEach
  void closeStores() {
    opened.forEach(KeyValueStore::close);
  }

  @Override
  public final KeyValueStore store() {
    KeyValueStore opened = store;
    if (opened == null) {
      throw new IllegalStateException("no test is running");
    }
    return opened;
  }

  @Override
  public final ManualClock clock() {
    return clock;
  }

  @Override
  public final KeyValueStore another(StoreOptions options) {
    KeyValueStore fresh = open(options);
    opened.add(fresh);
    RangePolicy policy = fresh.policy(bytes("c/")).withHistory(Duration.ZERO);
    fresh.setPolicy(KeyRange.prefix(bytes("c/")), policy.withUse(RangePolicy.Use.MERGEABLE));
    fresh.setPolicy(KeyRange.prefix(bytes("e/")), policy.withUse(RangePolicy.Use.EXPIRABLE));
    return fresh;
  }
}

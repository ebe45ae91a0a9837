package io.ppdb.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.bench.KvData;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PointStoreTest {
  static Stream<Supplier<PointStore>> stores() {
    return Stream.of(MemoryEnginePoints::new, () -> new CaffeinePoints(10));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void anEqualKeyFindsTheValueAndAnotherNothing(Supplier<PointStore> stores) {
    PointStore store = stores.get();
    byte[] value = {1, 2, 3};

    store.put(KvData.key(1), value);

    assertThat(store.get(KvData.key(1))).containsExactly(1, 2, 3);
    assertThat(store.get(KvData.key(2))).isNull();
  }
}

package io.ppdb.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.bench.KvData;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OrderedMapTest {
  private static final int ENTRY_COUNT = 2_000;

  private final KvData data = new KvData(100);
  private final OrderedMap expected = new JdkMap();

  static Stream<Supplier<OrderedMap>> maps() {
    return Stream.of(JdkMap::new, SkiplistMap::new, MemtableMap::new);
  }

  @ParameterizedTest
  @MethodSource("maps")
  void getGivesWhatWasPutLast(Supplier<OrderedMap> maps) {
    OrderedMap map = maps.get();
    byte[] value = data.value(1, 0);
    byte[] longer = new byte[200];
    longer[7] = 5;

    assertThat(map.get(KvData.key(1))).isZero();
    map.put(KvData.key(1), value);
    assertThat(map.get(KvData.key(1))).isEqualTo(KvData.hashIn(value) + 100);
    map.put(KvData.key(1), longer);
    assertThat(map.get(KvData.key(1))).isEqualTo(5 + 200);
    assertThat(map.get(KvData.key(2))).isZero();
  }

  @ParameterizedTest
  @MethodSource("maps")
  void scansAgree(Supplier<OrderedMap> maps) {
    OrderedMap map = maps.get();
    for (int number = 0; number < ENTRY_COUNT; number++) {
      map.put(KvData.key(number), data.value(number, 0));
      expected.put(KvData.key(number), data.value(number, 0));
    }
    map.put(KvData.key(9), data.value(10, 0));
    expected.put(KvData.key(9), data.value(10, 0));

    for (int number = 0; number < 2 * ENTRY_COUNT; number++) {
      byte[] start = KvData.key(number);
      assertThat(map.scan(start, 100)).isEqualTo(expected.scan(start, 100));
    }
    assertThat(map.scan(new byte[0], Integer.MAX_VALUE))
        .isEqualTo(expected.scan(new byte[0], ENTRY_COUNT))
        .isNotEqualTo(expected.scan(new byte[0], ENTRY_COUNT - 1));
  }

  @ParameterizedTest
  @MethodSource("maps")
  void threadsThatPutDisjointSharesFillTheMapAsOneDoes(Supplier<OrderedMap> maps) throws Exception {
    OrderedMap map = maps.get();
    for (int number = 0; number < 10 * ENTRY_COUNT; number++) {
      expected.put(KvData.key(number), data.value(number, 0));
    }
    try (Workers workers = new Workers(3)) {
      workers.once(
          (thread, pass) -> {
            for (int number = thread; number < 10 * ENTRY_COUNT; number += 3) {
              map.put(KvData.key(number), data.value(number, 0));
            }
            return 0;
          });
    }

    assertThat(map.scan(new byte[0], Integer.MAX_VALUE))
        .isEqualTo(expected.scan(new byte[0], Integer.MAX_VALUE));
  }
}

package io.ppdb.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.codec.KeyTuples.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Encoded order is the order of the values, for random tuples near the edges of their types. */
class KeyOrderTest {
  private static final long SEED = Long.getLong("ppdb.seed", 20_261_122L);

  private final Random random = new Random(SEED);
  private final KeyTuples tuples = new KeyTuples(random);

  @Test
  void everyPairOfTypesKeepsItsOrder() {
    for (KeyType first : KeyTuples.TYPES) {
      for (KeyType second : KeyTuples.TYPES) {
        for (int shape = 0; shape < 6; shape++) {
          compareTuplesOf(List.of(tuples.column(first, 0), tuples.column(second, 0)), 24);
        }
      }
    }
  }

  @Test
  void tuplesOfAnyShapeKeepTheirOrder() {
    for (int shape = 0; shape < 3000; shape++) {
      List<Column> columns = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        columns.add(tuples.anyColumn(0));
      }
      compareTuplesOf(columns, 10);
    }
  }

  @Test
  void noElementIsAPrefixOfAnother() {
    for (KeyType type : KeyTuples.TYPES) {
      for (int shape = 0; shape < 40; shape++) {
        List<Column> columns = List.of(tuples.column(type, 0));
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          keys.add(KeyTuples.encode(columns, Arrays.asList(tuples.value(columns.get(0)))));
        }
        for (byte[] a : keys) {
          for (byte[] b : keys) {
            boolean isPrefix = a.length < b.length && Arrays.equals(a, 0, a.length, b, 0, a.length);
            assertThat(isPrefix).as("seed %d: %s begins %s", SEED, hex(a), hex(b)).isFalse();
          }
        }
      }
    }
  }

  @Test
  void firstBytesStayClearOfTheEndsOfTheKeySpace() {
    for (int i = 0; i < 20_000; i++) {
      Column column = tuples.anyColumn(0);
      int first = KeyTuples.encode(List.of(column), Arrays.asList(tuples.value(column)))[0] & 0xFF;
      assertThat(first).as("seed %d: %s", SEED, column).isBetween(0x02, 0xFD);
    }
  }

  @Test
  void equalValuesHaveEqualKeys() {
    assertThat(key().addDouble(-0.0).toByteArray()).isEqualTo(key().addDouble(0.0).toByteArray());
    assertThat(key().addFloat(-0.0f).toByteArray()).isEqualTo(key().addFloat(0.0f).toByteArray());
    assertThat(key().addDouble(Double.longBitsToDouble(0xFFF8_0000_0000_0001L)).toByteArray())
        .isEqualTo(key().addDouble(Double.NaN).toByteArray());
    assertThat(key().addDecimal(100, 2).toByteArray())
        .isEqualTo(key().addDecimal(1, 0).toByteArray());
  }

  private void compareTuplesOf(List<Column> columns, int count) {
    List<List<?>> values = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<?> tuple = tuples.tuple(columns);
      values.add(tuple);
      keys.add(KeyTuples.encode(columns, tuple));
    }
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        int expected = Integer.signum(KeyTuples.compare(columns, values.get(i), values.get(j)));
        int actual = Integer.signum(Arrays.compareUnsigned(keys.get(i), keys.get(j)));
        if (expected != actual) {
          throw new AssertionError(
              "seed %d: %s and %s of %s should compare %d, but %s and %s compare %d"
                  .formatted(
                      SEED,
                      values.get(i),
                      values.get(j),
                      columns,
                      expected,
                      hex(keys.get(i)),
                      hex(keys.get(j)),
                      actual));
        }
      }
    }
  }

  private static KeyWriter key() {
    return new KeyWriter();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

package io.ppdb.relational.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ArrayCodecTest {
  @Test
  void arraysOfEachTypeReadBackTheSame() {
    BigDecimal wide = new BigDecimal(BigInteger.TWO.pow(200), 10);
    LocalDateTime time = LocalDateTime.of(2026, 11, 23, 10, 20, 30, 123_456_000);
    check(ColumnType.BOOLEAN, true, null, false);
    check(ColumnType.SMALLINT, 1, null, -3);
    check(ColumnType.INTEGER, Integer.MIN_VALUE, null, 7);
    check(ColumnType.BIGINT, Long.MAX_VALUE, null, 0L);
    check(ColumnType.NUMERIC, new BigDecimal("1.50"), null, wide, new BigDecimal("-3"));
    check(ColumnType.decimal(10, 2), new BigDecimal("1.50"), null);
    check(ColumnType.REAL, 1.5f, null);
    check(ColumnType.DOUBLE, -0.0, null, Double.NaN);
    check(ColumnType.TEXT, "", null, "é\uD83D\uDE00", "x");
    check(ColumnType.DATE, LocalDate.of(1969, 1, 1), null);
    check(ColumnType.TIME, LocalTime.NOON, null);
    check(ColumnType.TIMESTAMP, time, null);
    check(ColumnType.TIMESTAMPTZ, time.atOffset(ZoneOffset.UTC), null);
    check(ColumnType.INTERVAL, new Interval(1, -2, 3), null);
    check(ColumnType.UUID, new UUID(1, -2), null);
    check(ColumnType.JSON, "{\"a\": 1}", null);
    check(ColumnType.INTEGER);
    check(ColumnType.TEXT, null, null, null, null, null, null, null, null, "ninth");
  }

  private static void check(ColumnType element, @Nullable Object... values) {
    List<@Nullable Object> list = Arrays.asList(values);
    BytesVector arrays = new BytesVector(ColumnType.array(element), 2);
    arrays.setObject(0, list);
    arrays.setObject(1, list);
    assertThat(arrays.getObject(1)).as(element.toString()).isEqualTo(list);
    assertThat(ArrayCodec.count(arrays, 0)).isEqualTo(values.length);
    Vector twice = Vector.create(element, 0);
    int count = ArrayCodec.append(arrays, 0, twice, 0);
    count += ArrayCodec.append(arrays, 1, twice, count);
    for (int i = 0; i < count; i++) {
      assertThat(twice.getObject(i)).isEqualTo(list.get(i % values.length));
    }
  }

  /** What rows hold stays readable: bytes of one array, as the class comment lays them out. */
  @Test
  void theFormatIsAsDescribed() {
    BytesVector integers = new BytesVector(ColumnType.array(ColumnType.INTEGER), 1);
    integers.setObject(0, Arrays.asList(1, null, 258));
    assertThat(HexFormat.of().formatHex(integers.get(0)))
        .isEqualTo("00000003" + "02" + "00000001" + "00000000" + "00000102");
    BytesVector texts = new BytesVector(ColumnType.array(ColumnType.TEXT), 1);
    texts.setObject(0, Arrays.asList("ab", null, "c"));
    assertThat(HexFormat.of().formatHex(texts.get(0)))
        .isEqualTo(
            "00000003"
                + "02"
                + "00000002"
                + "00000002"
                + "00000003"
                + HexFormat.of().formatHex("abc".getBytes(StandardCharsets.UTF_8)));
  }
}

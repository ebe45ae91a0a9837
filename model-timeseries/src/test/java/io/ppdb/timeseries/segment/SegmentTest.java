package io.ppdb.timeseries.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SegmentTest {
  private static final long SEED = Long.getLong("ppdb.seed", 20261122L);

  private static final List<ColumnType> ALL_TYPES =
      List.of(
          ColumnType.TIMESTAMP,
          ColumnType.TEXT,
          ColumnType.BOOLEAN,
          ColumnType.SMALLINT,
          ColumnType.INTEGER,
          ColumnType.BIGINT,
          ColumnType.decimal(12, 3),
          ColumnType.NUMERIC,
          ColumnType.REAL,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.TEXT,
          ColumnType.varchar(40),
          ColumnType.BYTEA,
          ColumnType.DATE,
          ColumnType.TIME,
          ColumnType.TIMESTAMPTZ,
          ColumnType.INTERVAL,
          ColumnType.UUID);

  @Test
  void everyTypeComesBackInRunsAndByRow() {
    Random random = new Random(SEED);
    for (int round = 0; round < 150; round++) {
      int rowCount = 1 + random.nextInt(round % 10 == 0 ? 3_000 : 40);
      double nullShare = round % 3 == 0 ? 0 : random.nextDouble();
      List<@Nullable Object[]> rows = randomRows(random, rowCount, nullShare);
      byte[] bytes = encode(rows);
      Segment segment = open(bytes, 1 + random.nextInt(9));

      assertThat(segment.rowCount()).as(seed(round)).isEqualTo(rowCount);
      for (int column = 0; column < ALL_TYPES.size(); column++) {
        checkRun(segment, column, rows, random, round);
        checkRows(segment, column, rows, random, round);
      }
    }
  }

  private static void checkRun(
      Segment segment, int column, List<@Nullable Object[]> rows, Random random, int round) {
    int from = random.nextInt(rows.size());
    int count = random.nextInt(rows.size() - from) + 1;
    Vector target = Vector.create(ALL_TYPES.get(column), 3 + rows.size());
    segment.decode(column, from, null, count, target, 3);
    for (int i = 0; i < count; i++) {
      assertThat(target.getObject(3 + i))
          .as("%s column %d row %d", seed(round), column, from + i)
          .isEqualTo(rows.get(from + i)[column]);
    }
  }

  private static void checkRows(
      Segment segment, int column, List<@Nullable Object[]> rows, Random random, int round) {
    int[] wanted = IntStream.range(0, rows.size()).filter(row -> random.nextBoolean()).toArray();
    int from = wanted.length / 3;
    int count = wanted.length - from;
    Vector target = Vector.create(ALL_TYPES.get(column), rows.size());
    segment.decode(column, from, wanted, count, target, 0);
    for (int i = 0; i < count; i++) {
      assertThat(target.getObject(i))
          .as("%s column %d row %d", seed(round), column, wanted[from + i])
          .isEqualTo(rows.get(wanted[from + i])[column]);
    }
  }

  @Test
  void segmentsFollowEachOtherInOneVector() {
    Random random = new Random(SEED);
    List<@Nullable Object[]> first = randomRows(random, 20, 0.3);
    List<@Nullable Object[]> second = randomRows(random, 30, 0);
    List<@Nullable Object[]> both = new ArrayList<>(first);
    both.addAll(second);
    for (int column = 0; column < ALL_TYPES.size(); column++) {
      Vector target = Vector.create(ALL_TYPES.get(column), 20);
      open(encode(first), 0).decode(column, 0, null, 20, target, 0);
      target.ensureCapacity(50);
      open(encode(second), 0).decode(column, 0, null, 30, target, 20);
      for (int row = 0; row < 50; row++) {
        assertThat(target.getObject(row)).isEqualTo(both.get(row)[column]);
      }
    }
  }

  @Test
  void workedExampleOfTheFormat() {
    List<ColumnType> types = List.of(ColumnType.TIMESTAMP, ColumnType.TEXT, ColumnType.INTEGER);
    Vector times = Vector.create(types.get(0), 3);
    Vector origins = Vector.create(types.get(1), 3);
    Vector delays = Vector.create(types.get(2), 3);
    for (int row = 0; row < 3; row++) {
      ((LongVector) times).set(row, 1_000_000L + 60L * row);
    }
    origins.setObject(0, "SEA");
    origins.setObject(1, "BOS");
    origins.setObject(2, "SEA");
    delays.setObject(0, -5);
    delays.setNull(1);
    delays.setObject(2, 300);

    byte[] bytes =
        new SegmentEncoder(new boolean[] {false, true, false})
            .encode(
                List.of(times, origins, delays), new int[] {0, 1, 2}, 0, 3, 1_000_000, 1_000_120);

    assertThat(HexFormat.ofDelimiter(" ").formatHex(bytes))
        .isEqualTo(
            "01 00 b7 74 93 dc 03 80 89 7a 78 03 08 0f 0b " // header
                + "01 80 89 7a 78 00 3c 78 " // times
                + "06 02 03 03 42 4f 53 53 45 41 00 01 01 00 01 " // origins
                + "81 02 09 b1 02 00 00 00 00 31 01"); // delays
    assertThat(open(bytes, 0, types).rowCount()).isEqualTo(3);
  }

  @Test
  void rowsAreFoundByTime() {
    List<@Nullable Object[]> rows = randomRows(new Random(SEED), 100, 0);
    for (int row = 0; row < 100; row++) {
      rows.get(row)[0] = LocalDateTime.ofEpochSecond(row / 4, 0, ZoneOffset.UTC);
    }
    Segment segment = open(encode(rows), 0);

    assertThat(segment.firstRowFrom(Long.MIN_VALUE)).isZero();
    assertThat(segment.firstRowFrom(3_000_000)).isEqualTo(12);
    assertThat(segment.firstRowFrom(3_000_001)).isEqualTo(16);
    assertThat(segment.firstRowFrom(Long.MAX_VALUE)).isEqualTo(100);
    assertThat(segment.timeAt(99)).isEqualTo(24_000_000);
  }

  @Test
  void columnsAddedLaterAreNull() {
    List<ColumnType> before = List.of(ColumnType.TIMESTAMP);
    LongVector times = new LongVector(ColumnType.TIMESTAMP, 1);
    times.set(0, 7);
    byte[] bytes =
        new SegmentEncoder(new boolean[1]).encode(List.of(times), new int[] {0}, 0, 1, 7, 7);
    List<ColumnType> after = List.of(ColumnType.TIMESTAMP, ColumnType.TEXT, ColumnType.DOUBLE);
    Segment segment = open(bytes, 0, after);

    assertThat(before).hasSize(1);
    assertThat(segment.dictionary(1)).isNull();
    Vector target = Vector.create(ColumnType.DOUBLE, 1);
    segment.decode(2, 0, null, 1, target, 0);
    assertThat(target.isNull(0)).isTrue();
  }

  @Test
  void dictionaryFindsItsEntries() {
    List<@Nullable Object[]> rows = randomRows(new Random(SEED), 4, 0);
    List<String> tags = Arrays.asList("b", "", "ä", null);
    for (int row = 0; row < 4; row++) {
      rows.get(row)[1] = tags.get(row);
    }
    Dictionary dictionary = Objects.requireNonNull(open(encode(rows), 0).dictionary(1));

    assertThat(dictionary.entryCount()).isEqualTo(3);
    assertThat(dictionary.find(utf8(""))).isZero();
    assertThat(dictionary.find(utf8("b"))).isEqualTo(1);
    assertThat(dictionary.find(utf8("ä"))).isEqualTo(2);
    assertThat(dictionary.find(utf8("a"))).isEqualTo(-1);
    assertThat(dictionary.hasNulls()).isTrue();
    assertThat(dictionary.codeAt(3)).isEqualTo(-1);
    assertThat(dictionary.codeAt(0)).isEqualTo(1);
  }

  @Test
  void damagedSegmentsAreCorruptionAndNothingElse() {
    Random random = new Random(SEED);
    byte[] bytes = encode(randomRows(random, 50, 0.2));
    int refused = 0;
    for (int round = 0; round < 4_000; round++) {
      byte[] damaged = bytes.clone();
      if (round % 2 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      } else {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      refused += readsAll(damaged, round) ? 0 : 1;
    }
    assertThat(refused).isEqualTo(4_000);
  }

  private static boolean readsAll(byte[] bytes, int round) {
    try {
      Segment segment = open(bytes, 0);
      for (int column = 0; column < ALL_TYPES.size(); column++) {
        Vector target = Vector.create(ALL_TYPES.get(column), segment.rowCount());
        segment.decode(column, 0, null, segment.rowCount(), target, 0);
      }
      return true;
    } catch (PpdbException e) {
      assertThat(e.code()).as(seed(round)).isEqualTo(ErrorCode.CORRUPTION);
      return false;
    }
  }

  @Test
  void newerVersionIsRefusedByName() {
    byte[] bytes = encode(randomRows(new Random(SEED), 1, 0));
    bytes[0] = 2;
    assertThatThrownBy(() -> open(bytes, 0)).hasMessageContaining("version 2");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Segment open(byte[] bytes, int offset) {
    return open(bytes, offset, ALL_TYPES);
  }

  private static Segment open(byte[] bytes, int offset, List<ColumnType> types) {
    byte[] array = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, array, offset, bytes.length);
    Segment segment = new Segment(types, 0);
    segment.open(new Slice(array, offset, bytes.length));
    return segment;
  }

  private static byte[] encode(List<@Nullable Object[]> rows) {
    List<Vector> columns = new ArrayList<>();
    for (int column = 0; column < ALL_TYPES.size(); column++) {
      Vector vector = Vector.create(ALL_TYPES.get(column), rows.size());
      for (int row = 0; row < rows.size(); row++) {
        vector.setObject(row, rows.get(row)[column]);
      }
      columns.add(vector);
    }
    boolean[] tags = new boolean[ALL_TYPES.size()];
    tags[1] = true;
    long[] times = ((LongVector) columns.get(0)).values();
    int[] order = IntStream.range(0, rows.size()).toArray();
    return new SegmentEncoder(tags)
        .encode(columns, order, 0, rows.size(), times[0], times[rows.size() - 1]);
  }

  private static List<@Nullable Object[]> randomRows(Random random, int count, double nullShare) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    long micros = random.nextInt(1_000_000);
    boolean wide = random.nextBoolean();
    for (int row = 0; row < count; row++) {
      micros += random.nextInt(3) * 1_000L;
      @Nullable Object[] values = new Object[ALL_TYPES.size()];
      for (int column = 0; column < values.length; column++) {
        values[column] =
            column > 0 && random.nextDouble() < nullShare
                ? null
                : randomValue(column, micros, wide, random);
      }
      rows.add(values);
    }
    return rows;
  }

  private static Object randomValue(int column, long micros, boolean wide, Random random) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            micros / 1_000_000, (int) (micros % 1_000_000) * 1_000, ZoneOffset.UTC);
    return switch (column) {
      case 0 -> time;
      case 1 -> "tag" + random.nextInt(300);
      case 2 -> random.nextBoolean();
      case 3 -> wide ? random.nextInt(65_536) - 32_768 : 7;
      case 4 -> wide ? random.nextInt() : random.nextInt(200) - 100;
      case 5 -> wide ? random.nextLong() : random.nextInt(1 << 20);
      case 6 -> BigDecimal.valueOf(random.nextInt(), 3);
      case 7 ->
          new BigDecimal(new BigInteger(wide ? 100 : 20, random), wide ? random.nextInt(9) : 2);
      case 8 -> random.nextFloat();
      case 9 -> random.nextInt(1_000) / 10.0;
      case 10 -> wide ? Double.longBitsToDouble(random.nextLong() & ~0x7FFL << 48) : -0.0;
      case 11 -> "free text " + random.nextInt() + "é";
      case 12 -> random.nextBoolean() ? "" : "kind " + random.nextInt(3);
      case 13 -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case 14 -> LocalDate.ofEpochDay(random.nextInt(40_000) - 10_000);
      case 15 -> LocalTime.ofSecondOfDay(random.nextInt(86_400));
      case 16 -> time.minusYears(random.nextInt(3)).atOffset(ZoneOffset.UTC);
      case 17 -> new Interval(random.nextInt(5), random.nextInt(), random.nextLong());
      default -> new UUID(random.nextLong(), random.nextLong());
    };
  }

  private static String seed(int round) {
    return "-Dppdb.seed=" + SEED + " round " + round;
  }
}

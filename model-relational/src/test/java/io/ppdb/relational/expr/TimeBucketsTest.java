package io.ppdb.relational.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.IntervalText;
import io.ppdb.relational.vector.Vector;
import java.time.LocalDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeBucketsTest {
  /** By the rules of TimescaleDB; the 15 minutes are PostgreSQL's own example of date_bin. */
  @ParameterizedTest
  @CsvSource({
    "5 minutes,  2001-02-03T04:08:59.999999, , 2001-02-03T04:05",
    "5 minutes,  2001-02-03T04:10,           , 2001-02-03T04:10",
    "1 day,      2001-02-03T04:08,           , 2001-02-03T00:00",
    "1 week,     2001-02-03T04:08,           , 2001-01-29T00:00",
    "7 days,     1999-12-31T23:59,           , 1999-12-27T00:00",
    "2 weeks,    2000-01-17T00:00,           , 2000-01-17T00:00",
    "1 month,    2001-02-28T12:00,           , 2001-02-01T00:00",
    "3 months,   2001-02-28T12:00,           , 2001-01-01T00:00",
    "1 year,     1999-12-31T23:59,           , 1999-01-01T00:00",
    "5 years,    2001-02-28T12:00,           , 2000-01-01T00:00",
    "1 week,     2001-02-03T04:08, 2000-01-02T00:00, 2001-01-28T00:00",
    "15 minutes, 2020-02-11T15:44:17, 2001-01-01T00:02:30, 2020-02-11T15:32:30",
    "6 months,   2001-02-03T04:08, 2000-04-01T00:00, 2000-10-01T00:00"
  })
  void bucketBeginsWhereCountingFromTheOriginSays(
      String width, LocalDateTime time, @Nullable LocalDateTime origin, LocalDateTime expected) {
    assertThat(bucket(width, time, origin)).isEqualTo(expected);
  }

  @Test
  void widthsThatAreNoneAreRefused() {
    for (String width : new String[] {"0 days", "-1 hour", "-1 month", "1 month 1 day"}) {
      assertThatThrownBy(() -> bucket(width, LocalDateTime.of(2001, 2, 3, 4, 5), null))
          .as(width)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  @Test
  void onlySelectedRowsAreComputed() {
    Vector widths = Vector.create(ColumnType.INTERVAL, 2);
    widths.setObject(0, IntervalText.parse("0 days"));
    widths.setObject(1, IntervalText.parse("1 hour"));
    Vector times = Vector.create(ColumnType.TIMESTAMP, 2);
    times.setObject(1, LocalDateTime.of(2001, 2, 3, 4, 5));
    Vector result = Vector.create(ColumnType.TIMESTAMP, 2);

    TimeBuckets.bucket(new Vector[] {widths, times}, new int[] {1}, 1, result);

    assertThat(result.getObject(1)).isEqualTo(LocalDateTime.of(2001, 2, 3, 4, 0));
  }

  private static Object bucket(String width, LocalDateTime time, @Nullable LocalDateTime origin) {
    Vector widths = Vector.create(ColumnType.INTERVAL, 1);
    widths.setObject(0, IntervalText.parse(width));
    Vector times = Vector.create(ColumnType.TIMESTAMP, 1);
    times.setObject(0, time);
    Vector result = Vector.create(ColumnType.TIMESTAMP, 1);
    if (origin == null) {
      TimeBuckets.bucket(new Vector[] {widths, times}, null, 1, result);
    } else {
      Vector origins = Vector.create(ColumnType.TIMESTAMP, 1);
      origins.setObject(0, origin);
      TimeBuckets.bucket(new Vector[] {widths, times, origins}, null, 1, result);
    }
    return Objects.requireNonNull(result.getObject(0));
  }
}

package io.ppdb.relational.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of numbers are PostgreSQL's (15, extra_float_digits 1), and the shortest there are. */
class NumberTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-12.50, -12.5",
    "0.1, 0.1",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "-1.5e-7, -1.5e-07",
    "1234567, 1234567",
    "12345678.25, 12345678.25",
    "123456789012345, 123456789012345",
    "999999999999999, 999999999999999",
    "1e15, 1e+15",
    "1e22, 1e+22",
    "1e23, 1e+23",
    "1e100, 1e+100",
    "5.684341886080802e-14, 5.684341886080802e-14",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "2.225073858507201e-308, 2.225073858507201e-308",
    "4.9e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "Infinity, Infinity",
    "NaN, NaN"
  })
  void aDoubleIsWrittenAsByPostgres(double value, String text) {
    assertThat(NumberText.format(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "0.1, 0.1",
    "16777216, 1.6777216e+07",
    "123456, 123456",
    "999999.94, 999999.94",
    "1000000, 1e+06",
    "-1234567, -1.234567e+06",
    "0.00001, 1e-05",
    "1.17549435e-38, 1.1754944e-38",
    "1.4e-45, 1e-45",
    "3.4028235e38, 3.4028235e+38",
    "-Infinity, -Infinity"
  })
  void aRealIsWrittenAsByPostgres(float value, String text) {
    assertThat(NumberText.format(value)).isEqualTo(text);
  }

  @Test
  void noShorterTextOfADoubleReadsBack() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      double value =
          i % 2 == 0
              ? Double.longBitsToDouble(random.nextLong())
              : random.nextInt() / Math.pow(10, random.nextInt(12));
      if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
        continue;
      }
      String text = NumberText.format(value);
      assertThat(NumberText.parseDouble(text)).isEqualTo(value);
      int digits = new BigDecimal(text).stripTrailingZeros().precision();
      if (digits > 1) {
        BigDecimal exact = new BigDecimal(value);
        for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
          assertThat(exact.round(new MathContext(digits - 1, mode)).doubleValue())
              .as(text)
              .isNotEqualTo(value);
        }
      }
    }
  }
}

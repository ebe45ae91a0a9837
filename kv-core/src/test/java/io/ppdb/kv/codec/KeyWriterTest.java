package io.ppdb.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The byte format, by the worked examples of {@code docs/format/keys.md}. */
class KeyWriterTest {
  @Test
  void integersTakeAsManyBytesAsTheyNeed() {
    assertThat(hex(key().addLong(0))).isEqualTo("14");
    assertThat(hex(key().addLong(1))).isEqualTo("1501");
    assertThat(hex(key().addLong(255))).isEqualTo("15ff");
    assertThat(hex(key().addLong(256))).isEqualTo("160100");
    assertThat(hex(key().addLong(-1))).isEqualTo("13fe");
    assertThat(hex(key().addLong(-256))).isEqualTo("12feff");
    assertThat(hex(key().addLong(Long.MAX_VALUE))).isEqualTo("1c7fffffffffffffff");
    assertThat(hex(key().addLong(Long.MIN_VALUE))).isEqualTo("0c7fffffffffffffff");
    assertThat(hex(key().order(SortOrder.DESCENDING).addLong(1))).isEqualTo("eafe");
  }

  @Test
  void decimalsArePairsOfDigits() {
    assertThat(hex(key().addDecimal(BigDecimal.ZERO))).isEqualTo("21");
    assertThat(hex(key().addDecimal(new BigDecimal("1.0")))).isEqualTo("2215010b00");
    assertThat(hex(key().addDecimal(12345, 2))).isEqualTo("2215030d233300");
    assertThat(hex(key().addDecimal(-12345, 2))).isEqualTo("20eafcf2dcccff");
    assertThat(hex(key().addDecimal(5, 3))).isEqualTo("2213fd3300");
    assertThat(key().addDecimal(Long.MIN_VALUE, 4).toByteArray())
        .isEqualTo(
            key().addDecimal(new BigDecimal(BigInteger.valueOf(Long.MIN_VALUE), 4)).toByteArray());
    assertThat(key().addDecimal(new BigDecimal(BigInteger.TEN.pow(30), 30)).toByteArray())
        .isEqualTo(key().addDecimal(1, 0).toByteArray());
  }

  @Test
  void floatsHaveTheirSignTurned() {
    assertThat(hex(key().addDouble(1.0))).isEqualTo("25bff0000000000000");
    assertThat(hex(key().addDouble(-1.0))).isEqualTo("25400fffffffffffff");
    assertThat(hex(key().addFloat(0.0f))).isEqualTo("2480000000");
    assertThat(hex(key().addFloat(Float.NaN))).isEqualTo("24ffc00000");
  }

  @Test
  void stringsAreTerminatedAndEscaped() {
    assertThat(hex(key().addString("SEA"))).isEqualTo("2853454100");
    assertThat(hex(key().addString(""))).isEqualTo("2800");
    assertThat(hex(key().addString("a\0\u0001b"))).isEqualTo("28610101010262" + "00");
    assertThat(hex(key().addString("é\uD83D\uDE00"))).isEqualTo("28c3a9f09f988000");
    assertThat(hex(key().order(SortOrder.DESCENDING).addString("a\0"))).isEqualTo("d79efefeff");
    byte[] utf8 = "xé\0y".getBytes(StandardCharsets.UTF_8);
    assertThat(key().addUtf8(utf8, 1, 3).toByteArray())
        .isEqualTo(key().addString("é\0").toByteArray());
  }

  @Test
  void theRestIsOfFixedLength() {
    assertThat(hex(key().addBoolean(false).addBoolean(true))).isEqualTo("0405");
    assertThat(hex(key().addBytes(new byte[] {0, -1}))).isEqualTo("290101ff00");
    assertThat(hex(key().addDate(1))).isEqualTo("3080000001");
    assertThat(hex(key().addTime(1))).isEqualTo("310000000000000001");
    assertThat(hex(key().addTimestamp(-1))).isEqualTo("327fffffffffffffff");
    assertThat(hex(key().addTimestampTz(0))).isEqualTo("338000000000000000");
    assertThat(hex(key().addInterval(1, 2, -1)))
        .isEqualTo("34800000000000001f" + "000000141dd75fff" + "80000001" + "80000002");
    assertThat(hex(key().addUuid(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"))))
        .isEqualTo("3800112233445566778899aabbccddeeff");
  }

  @Test
  void nullStandsWhereItsOrderSays() {
    assertThat(hex(key().order(SortOrder.ASCENDING_NULLS_FIRST).addNull())).isEqualTo("02");
    assertThat(hex(key().order(SortOrder.ASCENDING_NULLS_LAST).addNull())).isEqualTo("fd");
    assertThat(hex(key().order(SortOrder.DESCENDING_NULLS_FIRST).addNull())).isEqualTo("02");
    assertThat(hex(key().order(SortOrder.DESCENDING_NULLS_LAST).addNull())).isEqualTo("fd");
  }

  @Test
  void tuplesAreBracketedAndTurnTheirElements() {
    assertThat(hex(key().beginTuple().addLong(1).addNull().endTuple().addLong(0)))
        .isEqualTo("401501fd0014");
    assertThat(
            hex(
                key()
                    .order(SortOrder.DESCENDING)
                    .beginTuple()
                    .addLong(1)
                    .order(SortOrder.DESCENDING)
                    .addLong(1)
                    .endTuple()
                    .addLong(0)))
        .isEqualTo("bfeafe1501ffeb");
  }

  @Test
  void aWriterIsReusedAfterClearAndTruncate() {
    KeyWriter writer = key().addLong(16).addLong(0);
    int prefixLength = writer.length();
    assertThat(hex(writer.order(SortOrder.DESCENDING).addString("a"))).isEqualTo("151014d79eff");
    writer.truncate(prefixLength);
    assertThat(hex(writer.addString("b"))).isEqualTo("1510142862" + "00");
    assertThat(hex(writer.clear().addLong(2))).isEqualTo("1502");
  }

  @Test
  void aPrefixRangeHoldsExactlyTheTuplesThatBeginWithIt() {
    KeyRange range = key().addLong(16).addString("a").toPrefixRange();
    assertThat(range.contains(key().addLong(16).addString("a").addLong(5).toByteArray())).isTrue();
    assertThat(range.contains(key().addLong(16).addString("a\0").toByteArray())).isFalse();
    assertThat(range.contains(key().addLong(16).addString("ab").toByteArray())).isFalse();
    assertThat(KeyWriter.rangeOf(16).contains(key().addLong(16).addNull().toByteArray())).isTrue();
    assertThat(KeyWriter.rangeOf(16).contains(KeyWriter.prefixOf(17))).isFalse();
  }

  @Test
  void whatIsNoValueIsRefused() {
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> key().addString("a\uD800b"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> key().addString("\uDC00"));
    assertRefused(ErrorCode.DATETIME_OVERFLOW, () -> key().addTime(-1));
    assertRefused(ErrorCode.INVALID_STATE, () -> key().endTuple());
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> {
          KeyWriter writer = key();
          for (int i = 0; i <= KeyWriter.MAX_DEPTH; i++) {
            writer.beginTuple();
          }
        });
  }

  @Test
  void longContentMakesTheWriterGrow() {
    byte[] content = new byte[10_000];
    byte[] key = key().addBytes(content).addLong(1).toByteArray();
    KeyReader reader = new KeyReader(key);
    assertThat(reader.readBytes()).isEqualTo(content);
    assertThat(reader.readLong()).isEqualTo(1);
  }

  private static void assertRefused(ErrorCode code, Runnable write) {
    assertThatThrownBy(write::run)
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static KeyWriter key() {
    return new KeyWriter();
  }

  private static String hex(KeyWriter writer) {
    return HexFormat.of().formatHex(writer.toByteArray());
  }
}

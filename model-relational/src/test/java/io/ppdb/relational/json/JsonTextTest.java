package io.ppdb.relational.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
  @Test
  void keysStandInTheirOrderAndTheLastOfEqualOnesCounts() {
    assertThat(canonical("{\"bb\":1,\"a\":2,\"\\u00e9\":3,\"a\":{}}"))
        .isEqualTo("{\"a\": {}, \"bb\": 1, \"é\": 3}");
  }

  @Test
  void numbersKeepTheirScaleAndLoseTheirExponent() {
    assertThat(canonical("[1.50, 1e3, -2.5E-3, 0.0e1, -0]"))
        .isEqualTo("[1.50, 1000, -0.0025, 0, 0]");
  }

  @Test
  void escapesBecomeCharactersSaveWhereTheyMustBe() {
    assertThat(canonical("\"\\u0041\\/\\\\\\\"\\b\\u001f\\ud83d\\ude00\""))
        .isEqualTo("\"A/\\\\\\\"\\b\\u001f\uD83D\uDE00\"");
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsPlace() {
    String[] texts = {
      "",
      "{",
      "[1,]",
      "{\"a\"}",
      "{a:1}",
      "01",
      "1.",
      "1e",
      "+1",
      ".5",
      "tru",
      "nullx",
      "\"a",
      "\"\n\"",
      "\"\\x\"",
      "\"\\u12\"",
      "\"\\ud800\"",
      "\"\\udc00\"",
      "\"\\u0000\"",
      "1 2",
      "[1 2]",
      "'a'",
      "{\"a\":1}}",
      "\\",
      "\"\\"
    };
    for (String text : texts) {
      assertThatThrownBy(() -> JsonReader.read(text))
          .as(text)
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TEXT_REPRESENTATION))
          .hasMessageContaining("JSON line ");
    }
    assertThatThrownBy(() -> JsonReader.read("{\n  \"a\": flase}"))
        .hasMessageContaining("seen \"flase\" (JSON line 2, column 8)");
  }

  @Test
  void depthIsLimitedWhateverTheTextsLength() {
    String deepest = "[".repeat(JsonValue.MAX_DEPTH) + "]".repeat(JsonValue.MAX_DEPTH);
    assertThat(canonical(deepest)).isEqualTo(deepest);
    for (String deep : List.of("[".repeat(100_000), "{\"a\":".repeat(100_000))) {
      assertThatThrownBy(() -> JsonReader.read(deep))
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TOO_COMPLEX));
    }
    JsonValue deeper = new JsonValue.Array(List.of(JsonReader.read(deepest)));
    assertThatThrownBy(() -> JsonWriter.write(deeper)).hasMessageContaining("nested deeper");
  }

  @Test
  void numbersThatNoNumericHoldsAreOutOfRange() {
    for (String text : List.of("1e999999999", "1e99999999999", "1e-99999")) {
      assertThatThrownBy(() -> JsonReader.read(text))
          .as(text)
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE));
    }
  }

  @Test
  void canonicalTextsReadBackTheSameAndEqualValuesHashAlike() {
    long seed = Long.getLong("ppdb.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      JsonValue value = randomValue(random, 4);
      String text = JsonWriter.write(value);
      assertThat(JsonWriter.write(JsonReader.read(text))).as("seed " + seed).isEqualTo(text);
      assertThat(JsonReader.read(JsonWriter.pretty(value))).as("seed " + seed).isEqualTo(value);
      JsonValue rescaled = rescaled(value);
      assertThat(JsonComparison.compare(value, rescaled)).as("seed " + seed).isZero();
      assertThat(hash(JsonWriter.write(rescaled))).as("seed " + seed).isEqualTo(hash(text));
    }
  }

  @Test
  void theOrderIsTotal() {
    long seed = Long.getLong("ppdb.seed", System.nanoTime());
    Random random = new Random(seed);
    List<JsonValue> values = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      values.add(randomValue(random, 2));
    }
    values.sort(JsonComparison::compare);
    for (int i = 0; i < values.size(); i++) {
      for (int j = i; j < values.size(); j++) {
        int order = JsonComparison.compare(values.get(i), values.get(j));
        assertThat(order).as("seed " + seed).isLessThanOrEqualTo(0);
        assertThat(JsonComparison.compare(values.get(j), values.get(i)))
            .as("seed " + seed)
            .isEqualTo(-order);
      }
    }
  }

  @Test
  void aCursorFindsWhatTheTreeHas() {
    long seed = Long.getLong("ppdb.seed", System.nanoTime());
    Random random = new Random(seed);
    JsonCursor cursor = new JsonCursor();
    for (int round = 0; round < 2_000; round++) {
      JsonValue value = randomValue(random, 4);
      byte[] bytes = JsonWriter.writeBytes(value);
      if (value instanceof JsonValue.Document document) {
        document
            .members()
            .forEach(
                (key, member) -> {
                  cursor.reset(bytes, 0, bytes.length);
                  assertThat(cursor.member(JsonCursor.quotedKey(key))).as("seed " + seed).isTrue();
                  assertThat(slice(bytes, cursor)).isEqualTo(JsonWriter.write(member));
                });
        cursor.reset(bytes, 0, bytes.length);
        assertThat(cursor.member(JsonCursor.quotedKey("absent"))).as("seed " + seed).isFalse();
      } else if (value instanceof JsonValue.Array array) {
        int count = array.elements().size();
        for (int i = -count; i < count; i++) {
          cursor.reset(bytes, 0, bytes.length);
          assertThat(cursor.elementCount()).as("seed " + seed).isEqualTo(count);
          assertThat(cursor.element(i)).as("seed " + seed).isTrue();
          assertThat(slice(bytes, cursor))
              .isEqualTo(JsonWriter.write(array.elements().get(i < 0 ? i + count : i)));
        }
        cursor.reset(bytes, 0, bytes.length);
        assertThat(cursor.element(count)).as("seed " + seed).isFalse();
      }
    }
  }

  private static String slice(byte[] bytes, JsonCursor cursor) {
    return new String(bytes, cursor.start(), cursor.length(), StandardCharsets.UTF_8);
  }

  private static String canonical(String text) {
    return JsonWriter.write(JsonReader.read(text));
  }

  private static long hash(String text) {
    byte[] bytes = ("xx" + text + "y").getBytes(StandardCharsets.UTF_8);
    return JsonComparison.hash(bytes, 2, bytes.length - 3);
  }

  private static JsonValue rescaled(JsonValue value) {
    if (value instanceof JsonValue.Numeric number) {
      return new JsonValue.Numeric(number.value().setScale(number.value().scale() + 2));
    }
    if (value instanceof JsonValue.Array array) {
      return new JsonValue.Array(array.elements().stream().map(JsonTextTest::rescaled).toList());
    }
    if (value instanceof JsonValue.Document document) {
      NavigableMap<String, JsonValue> members = JsonValue.newMembers();
      document.members().forEach((key, member) -> members.put(key, rescaled(member)));
      return new JsonValue.Document(members);
    }
    return value;
  }

  private static JsonValue randomValue(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 6 : 4);
    if (kind == 4) {
      List<JsonValue> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(randomValue(random, depth - 1));
      }
      return new JsonValue.Array(elements);
    }
    if (kind == 5) {
      NavigableMap<String, JsonValue> members = JsonValue.newMembers();
      for (int i = random.nextInt(4); i > 0; i--) {
        members.put(randomText(random), randomValue(random, depth - 1));
      }
      return new JsonValue.Document(members);
    }
    return switch (kind) {
      case 0 -> JsonValue.Null.INSTANCE;
      case 1 -> new JsonValue.Truth(random.nextBoolean());
      case 2 ->
          new JsonValue.Numeric(BigDecimal.valueOf(random.nextInt(-200, 200), random.nextInt(3)));
      default -> new JsonValue.Text(randomText(random));
    };
  }

  private static String randomText(Random random) {
    String characters = "ab\"\\,:{}[]1 \n\u0001é\u20ac\uD83D\uDE00";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.appendCodePoint(
          characters.codePointAt(
              characters.offsetByCodePoints(
                  0, random.nextInt(characters.codePointCount(0, characters.length())))));
    }
    return text.toString();
  }
}

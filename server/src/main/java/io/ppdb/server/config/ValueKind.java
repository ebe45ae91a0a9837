package io.ppdb.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/**
 * What values a setting takes.
 *
 * @param <T> their class
 */
public final class ValueKind<T> {
  static final ValueKind<Boolean> BOOLEAN =
      new ValueKind<>("true or false", value -> value instanceof Boolean truth ? truth : null);

  static final ValueKind<String> TEXT =
      new ValueKind<>("a text", value -> value instanceof String text ? text : null);

  static final ValueKind<List<String>> TEXTS =
      new ValueKind<>("a text or an array of texts", ValueKind::texts);

  static final ValueKind<Port> PORT =
      new ValueKind<>(
          "a port from 1 to 65535, 0 for off or \"auto\" for a free one", ValueKind::port);

  static final ValueKind<Duration> DURATION =
      new ValueKind<>(
          "a time such as \"500ms\", \"30s\", \"5m\" or \"2h\", or 0", ValueKind::duration);

  static final ValueKind<Long> BYTES =
      new ValueKind<>("a size such as 4096, \"64KiB\" or \"16MiB\"", ValueKind::bytes);

  private static final Pattern AMOUNT = Pattern.compile("\\s*(\\d{1,12})\\s*([A-Za-z]+)\\s*");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);
  private static final Map<String, Long> SIZES =
      Map.of(
          "B",
          1L,
          "kB",
          1000L,
          "KiB",
          1L << 10,
          "MB",
          1_000_000L,
          "MiB",
          1L << 20,
          "GB",
          1_000_000_000L,
          "GiB",
          1L << 30);

  private final String expected;
  private final Function<Object, @Nullable T> reader;

  private ValueKind(String expected, Function<Object, @Nullable T> reader) {
    this.expected = expected;
    this.reader = reader;
  }

  /** Whole numbers of {@code [first, last]}. */
  static ValueKind<Integer> between(int first, int last) {
    return new ValueKind<>(
        "a whole number from " + first + " to " + last,
        value ->
            value instanceof Long number && number >= first && number <= last
                ? Math.toIntExact(number)
                : null);
  }

  /** What values look like, for messages and documents. */
  public String expected() {
    return expected;
  }

  /** The value that a TOML value stands for, or null if it is none of this kind. */
  @Nullable T read(Object toml) {
    return reader.apply(toml);
  }

  private static @Nullable List<String> texts(Object value) {
    if (value instanceof String text) {
      return List.of(text);
    }
    if (!(value instanceof TomlArray array) || array.isEmpty()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object each : array.toList()) {
      if (!(each instanceof String text)) {
        return null;
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  private static @Nullable Port port(Object value) {
    if (value instanceof Long number && number >= 0 && number <= 65_535) {
      return Port.of(Math.toIntExact(number));
    }
    return "auto".equals(value) ? Port.AUTO : null;
  }

  private static @Nullable Duration duration(Object value) {
    if (value instanceof Long number) {
      return number == 0 ? Duration.ZERO : null;
    }
    Long millis = amount(value, MILLIS);
    return millis == null ? null : Duration.ofMillis(millis);
  }

  private static @Nullable Long bytes(Object value) {
    if (value instanceof Long number) {
      return number > 0 ? number : null;
    }
    Long size = amount(value, SIZES);
    return size == null || size == 0 ? null : size;
  }

  private static @Nullable Long amount(Object value, Map<String, Long> units) {
    if (!(value instanceof String text)) {
      return null;
    }
    Matcher matcher = AMOUNT.matcher(text);
    Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (unit == null) {
      return null;
    }
    long count = Long.parseLong(matcher.group(1));
    return count > Long.MAX_VALUE / unit ? null : (Long) (count * unit);
  }
}

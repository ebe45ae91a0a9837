package io.ppdb.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  private static Configuration parse(String... lines) {
    return ConfigurationFile.parse(String.join("\n", lines), Path.of("ppdb.toml"));
  }

  @Test
  void settingsHaveTheValuesOfTheFileOrTheirDefaults() {
    Configuration configuration =
        parse(
            "[server]",
            "bind = ['127.0.0.1', '::1']",
            "[listen]",
            "postgres = 'auto'",
            "http = 0",
            "redis = 0",
            "[limits]",
            "max_frame = '1MiB'",
            "idle_timeout = '5m'",
            "[storage]");
    assertThat(configuration.get(Setting.BIND)).isEqualTo(List.of("127.0.0.1", "::1"));
    assertThat(configuration.get(Setting.POSTGRES)).isEqualTo(Port.AUTO);
    assertThat(configuration.get(Setting.HTTP).isOff()).isTrue();
    assertThat(configuration.get(Setting.MAX_FRAME)).isEqualTo(1L << 20);
    assertThat(configuration.get(Setting.IDLE_TIMEOUT)).isEqualTo(Duration.ofMinutes(5));
    assertThat(configuration.get(Setting.MAX_CONNECTIONS)).isEqualTo(1000);
    assertThat(configuration.isSet(Setting.MAX_CONNECTIONS)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[listen]~postgress = 1|line 2, column 1|unknown setting 'listen.postgress'; did you mean"
            + " 'listen.postgres'?",
        "[listn]~postgres = 1|line 1, column 1|unknown section [listn]; did you mean 'listen'?",
        "[listen]~postgres = 70000|line 2, column 1|'listen.postgres' must be a port from 1 to"
            + " 65535, 0 for off or \"auto\" for a free one, seen 70000",
        "[listen]~redis = 6379|line 2, column 1|this version has no such listener",
        "[server]~protected_mode = 'no'|line 2, column 1|must be true or false, seen \"no\"",
        "[limits]~max_frame = '12 apples'|line 2, column 1|must be a size such as",
        "[limits]~max_connections = 0|line 2, column 1|must be a whole number from 1 to 1000000,"
            + " seen 0",
        "postgres = 1|line 1, column 1|'postgres' is outside of a section",
        "[server|line 1, column 8|Unexpected",
      })
  void errorsNameTheFileTheLineAndWhatWasExpected(String text, String place, String message) {
    assertThatThrownBy(() -> parse(text.split("~", -1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ppdb.toml, " + place)
        .hasMessageContaining(message);
  }
}

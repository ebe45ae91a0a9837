package io.ppdb.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingTest {
  private static final Path PAGE = Path.of("../docs/server.md");

  /** With -Dppdb.rewrite=true the table of the page is written anew. */
  @Test
  void thePageHasALineForEachSetting() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf("| setting |");
    String table = table();
    if (Boolean.getBoolean("ppdb.rewrite")) {
      page = page.substring(0, start) + table;
      Files.writeString(PAGE, page);
    }
    assertThat(page.substring(start)).isEqualTo(table);
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| setting | value | default | for |\n|---|---|---|---|\n");
    for (Setting<?> each : Setting.all()) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  each.name(), each.kind().expected(), shown(each.defaultValue()), each.purpose()));
    }
    return table.toString();
  }

  private static String shown(Object value) {
    if (value instanceof Duration time) {
      return time.isZero() ? "`0`" : "`\"" + time.toSeconds() + "s\"`";
    }
    if (value instanceof List<?> texts) {
      return "`\"" + String.join("\", \"", texts.stream().map(String::valueOf).toList()) + "\"`";
    }
    return value.equals("") ? "none" : "`" + value + "`";
  }
}

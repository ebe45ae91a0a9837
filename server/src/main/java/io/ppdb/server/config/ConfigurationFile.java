package io.ppdb.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** Reads a TOML file of settings. */
public final class ConfigurationFile {
  /** What DESIGN names and this version does not have: they may be there, but empty or off. */
  private static final List<String> LATER_SECTIONS = List.of("storage", "backup");

  private static final List<String> LATER_LISTENERS =
      List.of("listen.redis", "listen.memcached", "listen.gremlin");

  private final Path file;
  private final TomlParseResult toml;

  private ConfigurationFile(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  /** Reads {@code file}; {@link ConfigurationException} names the line of what is wrong in it. */
  public static Configuration read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigurationException("cannot read the configuration " + file + ": " + e, e);
    }
    return parse(text, file);
  }

  /**
   * Reads a configuration.
   *
   * @param file what messages call it
   */
  static Configuration parse(String text, Path file) {
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      var error = toml.errors().get(0);
      throw new ConfigurationException(at(file, error.position()) + error.getMessage());
    }
    return new ConfigurationFile(file, toml).settings();
  }

  private Configuration settings() {
    Map<String, Setting<?>> known = new HashMap<>();
    Setting.all().forEach(setting -> known.put(setting.name(), setting));
    for (String section : toml.keySet()) {
      if (!toml.isTable(List.of(section))) {
        throw error(List.of(section), "'" + section + "' is outside of a section such as [server]");
      }
      if (!Setting.isSection(section) && !LATER_SECTIONS.contains(section)) {
        throw error(
            List.of(section),
            "unknown section ["
                + section
                + "]"
                + suggestion(section, Setting.all().stream().map(Setting::section).toList()));
      }
    }
    Map<Setting<?>, Object> values = new HashMap<>();
    for (List<String> path : toml.keyPathSet()) {
      String name = String.join(".", path);
      Setting<?> setting = known.get(name);
      if (setting != null) {
        values.put(setting, value(setting, path));
      } else if (!LATER_LISTENERS.contains(name) || !Long.valueOf(0).equals(toml.get(path))) {
        throw error(path, unknown(name, known));
      }
    }
    return new Configuration(values);
  }

  private static String unknown(String name, Map<String, Setting<?>> known) {
    return LATER_LISTENERS.contains(name)
        ? "'" + name + "': this version has no such listener; only 0 (off) is possible"
        : "unknown setting '" + name + "'" + suggestion(name, List.copyOf(known.keySet()));
  }

  private Object value(Setting<?> setting, List<String> path) {
    Object seen = toml.get(path);
    Object value = seen == null ? null : setting.kind().read(seen);
    if (value == null) {
      String shown = seen instanceof String ? "\"" + seen + "\"" : String.valueOf(seen);
      throw error(
          path,
          "'" + setting.name() + "' must be " + setting.kind().expected() + ", seen " + shown);
    }
    return value;
  }

  private ConfigurationException error(List<String> path, String message) {
    return new ConfigurationException(at(file, toml.inputPositionOf(path)) + message);
  }

  private static String at(Path file, @Nullable TomlPosition position) {
    return position == null
        ? file + ": "
        : file + ", line " + position.line() + ", column " + position.column() + ": ";
  }

  /** "; did you mean …" if a known name is near. */
  private static String suggestion(String name, List<String> known) {
    String nearest = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String each : known) {
      int distance = EditDistance.between(name, each);
      if (distance < least) {
        least = distance;
        nearest = each;
      }
    }
    return nearest == null ? "" : "; did you mean '" + nearest + "'?";
  }
}

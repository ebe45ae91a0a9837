package io.ppdb.server.config;

import java.util.HashMap;
import java.util.Map;

/** The values of all settings. Immutable. */
public final class Configuration {
  /** What holds when nobody sets anything. */
  public static final Configuration DEFAULT = new Configuration(Map.of());

  private final Map<Setting<?>, Object> values;

  Configuration(Map<Setting<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** The value of a setting: its default, if nobody set it. */
  @SuppressWarnings("unchecked") // `with` lets in only what belongs to the setting
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting);
    return value == null ? setting.defaultValue() : (T) value;
  }

  public boolean isSet(Setting<?> setting) {
    return values.containsKey(setting);
  }

  /** This configuration with another value of one setting. */
  public <T> Configuration with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new HashMap<>(values);
    changed.put(setting, value);
    return new Configuration(changed);
  }
}

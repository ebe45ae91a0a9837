package io.ppdb.graph.storage;

import org.jspecify.annotations.Nullable;

/** What the schema allows and remembers of property values. */
public final class PropertyTypes {
  private PropertyTypes() {}

  /** Whether {@code value} and all it contains can be stored. */
  public static boolean isStorable(@Nullable Object value) {
    return value != null && ValueCodec.isStorable(value);
  }

  /** The id of {@code key}, after noting that elements of a label have such a value under it. */
  public static int note(NameTable names, ElementKind kind, int labelId, String key, Object value) {
    ValueType type = ValueType.of(value);
    if (type == null) {
      throw new IllegalArgumentException("no property can have a value of " + value.getClass());
    }
    int keyId = names.intern(NameKind.PROPERTY_KEY, key);
    names.noteUsage(kind, labelId, keyId, type);
    return keyId;
  }
}

package io.ppdb.relational.expr;

import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.json.JsonValue;
import io.ppdb.relational.json.JsonWriter;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** SQL values as JSON values, and back into vectors. */
public final class JsonValues {
  private JsonValues() {}

  /** The JSON value at {@code position} of a vector of JSON. */
  public static JsonValue read(Vector vector, int position) {
    return JsonReader.read(((BytesVector) vector).getString(position));
  }

  /** Stores {@code value} in a vector of JSON. */
  public static void write(JsonValue value, Vector result, int position) {
    ((BytesVector) result).set(position, JsonWriter.writeBytes(value));
  }

  /**
   * What to_jsonb makes of a value of any type: numbers, booleans, JSON and arrays are what they
   * are, dates and times ISO 8601, all else is the text of the value.
   */
  public static JsonValue of(Vector vector, int position, ZoneId zone) {
    if (vector.isNull(position)) {
      return JsonValue.Null.INSTANCE;
    }
    TypeKind kind = vector.type().kind();
    return switch (kind) {
      case BOOLEAN -> new JsonValue.Truth(((BooleanVector) vector).get(position));
      case SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE ->
          number(TextFormat.format(vector, position, zone));
      case JSON -> read(vector, position);
      case ARRAY -> array((BytesVector) vector, position, zone);
      case TIMESTAMP, TIMESTAMPTZ ->
          new JsonValue.Text(TextFormat.format(vector, position, zone).replaceFirst(" ", "T"));
      case VARCHAR, BYTEA, DATE, TIME, INTERVAL, UUID ->
          new JsonValue.Text(TextFormat.format(vector, position, zone));
    };
  }

  /** JSON has no infinities and no NaN: they are strings. */
  private static JsonValue number(String text) {
    boolean finite = Character.isDigit(text.charAt(text.length() - 1));
    return finite ? new JsonValue.Numeric(plain(text)) : new JsonValue.Text(text);
  }

  private static BigDecimal plain(String text) {
    BigDecimal value = new BigDecimal(text);
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  private static JsonValue array(BytesVector arrays, int position, ZoneId zone) {
    Vector elements = ArrayCodec.elements(arrays, position);
    int count = ArrayCodec.count(arrays, position);
    List<JsonValue> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(of(elements, i, zone));
    }
    return new JsonValue.Array(values);
  }
}

package io.ppdb.relational.expr;

import io.ppdb.relational.json.JsonComparison;
import io.ppdb.relational.json.JsonReader;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;

/** The order of values that are encoded: of JSON, and of arrays. */
final class Encodings {
  private Encodings() {}

  /** The sign by which two values of one type are ordered. */
  static int compare(BytesVector left, int leftPosition, BytesVector right, int rightPosition) {
    if (sameBytes(left, leftPosition, right, rightPosition)) {
      return 0;
    }
    return left.type().kind() == TypeKind.JSON
        ? JsonComparison.compare(
            JsonReader.read(left.getString(leftPosition)),
            JsonReader.read(right.getString(rightPosition)))
        : compareArrays(left, leftPosition, right, rightPosition);
  }

  private static boolean sameBytes(
      BytesVector left, int leftPosition, BytesVector right, int rightPosition) {
    int leftStart = left.starts()[leftPosition];
    int rightStart = right.starts()[rightPosition];
    return Arrays.equals(
        left.arena(),
        leftStart,
        leftStart + left.lengths()[leftPosition],
        right.arena(),
        rightStart,
        rightStart + right.lengths()[rightPosition]);
  }

  /** By elements, NULL being equal to itself and greater than all else, then by length. */
  private static int compareArrays(
      BytesVector left, int leftPosition, BytesVector right, int rightPosition) {
    Vector leftElements = ArrayCodec.elements(left, leftPosition);
    Vector rightElements = ArrayCodec.elements(right, rightPosition);
    int leftCount = ArrayCodec.count(left, leftPosition);
    int rightCount = ArrayCodec.count(right, rightPosition);
    for (int i = 0; i < Math.min(leftCount, rightCount); i++) {
      boolean leftNull = leftElements.isNull(i);
      boolean rightNull = rightElements.isNull(i);
      int order =
          leftNull || rightNull
              ? Boolean.compare(leftNull, rightNull)
              : Comparison.compare(leftElements, i, rightElements, i);
      if (order != 0) {
        return Integer.signum(order);
      }
    }
    return Integer.compare(leftCount, rightCount);
  }
}

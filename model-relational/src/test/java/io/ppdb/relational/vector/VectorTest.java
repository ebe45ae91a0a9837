package io.ppdb.relational.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.relational.type.ColumnType;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorTest {
  static Stream<ColumnType> types() {
    return Stream.of(
        ColumnType.BOOLEAN,
        ColumnType.INTEGER,
        ColumnType.BIGINT,
        ColumnType.DOUBLE,
        ColumnType.TEXT,
        ColumnType.decimal(9, 2),
        ColumnType.INTERVAL);
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatIsGrownKnowsOfAllPositionsWhetherTheyAreNull(ColumnType type) {
    Vector vector = Vector.create(type, 16);
    vector.setNull(3);
    vector.ensureCapacity(64);
    assertThat(vector.capacity()).isGreaterThanOrEqualTo(64);
    assertThat(vector.isNull(3)).isTrue();
    assertThat(vector.isNull(63)).isFalse();
    assertThat(Objects.requireNonNull(vector.nulls())).hasSizeGreaterThanOrEqualTo(64);
  }
}

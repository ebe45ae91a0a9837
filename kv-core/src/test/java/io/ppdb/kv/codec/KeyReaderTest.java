package io.ppdb.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.codec.KeyTuples.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyReaderTest {
  private static final long SEED = Long.getLong("ppdb.seed", 20_261_122L);

  private final Random random = new Random(SEED);
  private final KeyTuples tuples = new KeyTuples(random);

  @Test
  void whatWasWrittenIsRead() {
    for (int i = 0; i < 20_000; i++) {
      List<Column> columns = columns();
      List<?> written = tuples.tuple(columns);
      byte[] key = KeyTuples.encode(columns, written);
      List<?> read = KeyTuples.decode(new KeyReader(key));
      assertThat(KeyTuples.compare(columns, read, written))
          .as("seed %d: %s read as %s", SEED, written, read)
          .isZero();
    }
  }

  @Test
  void elementsCanBeSkipped() {
    for (int i = 0; i < 5_000; i++) {
      List<Column> columns = columns();
      List<?> written = tuples.tuple(columns);
      KeyReader reader = new KeyReader(KeyTuples.encode(columns, written));
      for (int skipped = 0; skipped < written.size(); skipped++) {
        assertThat(reader.hasNext()).isTrue();
        reader.skip();
      }
      assertThat(reader.peekType()).isEqualTo(KeyType.END);
      reader.expectEnd();
    }
  }

  @Test
  void aKeyIsReadInPlace() {
    byte[] key = new KeyWriter().addLong(7).addString("SEA").toByteArray();
    byte[] larger = new byte[key.length + 10];
    Arrays.fill(larger, (byte) 0x55);
    System.arraycopy(key, 0, larger, 4, key.length);
    KeyReader reader = new KeyReader().reset(new Slice(larger, 4, key.length));
    assertThat(reader.readLong()).isEqualTo(7);
    assertThat(reader.remaining()).isEqualTo(5);
    byte[] utf8 = new byte[8];
    assertThat(reader.readUtf8(utf8, 2)).isEqualTo(3);
    assertThat(utf8).isEqualTo(new byte[] {0, 0, 'S', 'E', 'A', 0, 0, 0});
    reader.expectEnd();
  }

  @Test
  void whatIsLeftOfATupleIsSkippedAtItsEnd() {
    byte[] key =
        new KeyWriter()
            .order(SortOrder.DESCENDING)
            .beginTuple()
            .addLong(1)
            .beginTuple()
            .addString("x")
            .endTuple()
            .endTuple()
            .addBoolean(true)
            .toByteArray();
    KeyReader reader = new KeyReader(key).beginTuple();
    assertThat(reader.readLong()).isEqualTo(1);
    assertThat(reader.endTuple().readBoolean()).isTrue();
    reader.expectEnd();
  }

  @Test
  void decimalsComeWithoutTrailingZeros() {
    byte[] key = new KeyWriter().addDecimal(new BigDecimal("12300.00")).toByteArray();
    assertThat(new KeyReader(key).readDecimal()).isEqualTo(new BigDecimal("1.23E+4"));
  }

  @Test
  void everyTruncationIsNoticedOrEndsBetweenElements() {
    for (int i = 0; i < 3_000; i++) {
      List<Column> columns = columns();
      byte[] key = KeyTuples.encode(columns, tuples.tuple(columns));
      List<Integer> boundaries = new ArrayList<>();
      KeyReader reader = new KeyReader(key);
      while (reader.hasNext()) {
        boundaries.add(reader.position());
        reader.skip();
      }
      for (int length = 0; length < key.length; length++) {
        assertThat(isReadable(Arrays.copyOf(key, length)))
            .as("seed %d: first %d bytes of %s", SEED, length, HexFormat.of().formatHex(key))
            .isEqualTo(boundaries.contains(length));
      }
    }
  }

  @Test
  void damagedBytesAreRefusedOrAreAnotherKey() {
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      List<Column> columns = columns();
      byte[] key = KeyTuples.encode(columns, tuples.tuple(columns));
      if (key.length == 0) {
        continue;
      }
      key[random.nextInt(key.length)] ^= (byte) (1 << random.nextInt(8));
      if (isReadable(key)) {
        // What is accepted is exactly what a writer would have written.
        KeyWriter writer = new KeyWriter();
        copy(new KeyReader(key), key, 0, writer);
        assertThat(writer.toByteArray()).as("seed %d", SEED).isEqualTo(key);
        accepted++;
      } else {
        refused++;
      }
    }
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void anErrorNamesPlaceAndBytes() {
    byte[] key = new KeyWriter().addLong(300).addString("x").toByteArray();
    KeyReader reader = new KeyReader(key);
    reader.readLong();
    assertThatThrownBy(reader::readLong)
        .isInstanceOf(PpdbException.class)
        .hasMessage("damaged key, byte 3 of 6: expected LONG, found STRING; key 16012c287800");
  }

  @Test
  void readingBeyondTheEndIsRefused() {
    KeyReader reader = new KeyReader(new byte[0]);
    assertThat(reader.hasNext()).isFalse();
    assertThatThrownBy(reader::readLong).hasMessageContaining("expected LONG, found END");
    assertThatThrownBy(reader::skip).hasMessageContaining("the tuple ends");
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      columns.add(tuples.anyColumn(0));
    }
    return columns;
  }

  private static boolean isReadable(byte[] key) {
    try {
      KeyTuples.decode(new KeyReader(key));
      return true;
    } catch (PpdbException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION);
      return false;
    }
  }

  /** Writes again what is read; {@code outerMask} is the direction of the tuple around it. */
  private static void copy(KeyReader reader, byte[] key, int outerMask, KeyWriter writer) {
    while (reader.hasNext()) {
      int first = (key[reader.position()] ^ outerMask) & 0xFF;
      KeyType type = reader.peekType();
      if (reader.readNull()) {
        writer.order(SortOrder.of(false, first == KeyType.Tag.NULL)).addNull();
        continue;
      }
      writer.order(SortOrder.of(first >= 0x80, false));
      if (type == KeyType.TUPLE) {
        int innerMask = key[reader.position()] < 0 ? 0xFF : 0;
        reader.beginTuple();
        writer.beginTuple();
        copy(reader, key, innerMask, writer);
        reader.endTuple();
        writer.endTuple();
      } else {
        KeyTuples.writeScalar(writer, type, KeyTuples.readScalar(reader));
      }
    }
  }
}

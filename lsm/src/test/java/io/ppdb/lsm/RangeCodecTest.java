package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The codec of a range, as the bytes of tables tell it. */
class RangeCodecTest {
  private static final String TEXT = "compressible, ".repeat(20);

  private final MemVfs disk = MemDirectory.fresh();

  @Test
  void eachBlockIsCompressedAsThePolicyOfItsKeysSays() throws IOException {
    try (LsmStore store = open()) {
      setCodec(store, "b", "c", RangePolicy.Codec.NONE);
      setCodec(store, "c", "d", RangePolicy.Codec.ZSTD);
      setCodec(store, "e", "f", RangePolicy.Codec.NONE);
      fill(store);
      store.flush();
      assertThat(codecs()).isEqualTo("a:1 b:0 c:2 d:1 e:0 f:1");
      checkAll(store);
    }
  }

  @Test
  void policiesAreDurableAndCompactionRewritesByThoseOfItsTime() throws IOException {
    try (LsmStore store = open()) {
      setCodec(store, "b", "c", RangePolicy.Codec.NONE);
      fill(store);
      store.compact();
      assertThat(codecs()).isEqualTo("a:1 b:0 c:1 d:1 e:1 f:1");
    }
    try (LsmStore store = open()) {
      assertThat(store.policy(key("b", 1)).codec()).isEqualTo(RangePolicy.Codec.NONE);
      assertThat(store.policy(key("c", 1)).codec()).isEqualTo(RangePolicy.Codec.STORE);
      setCodec(store, "b", "e", RangePolicy.Codec.ZSTD);
      fill(store);
      store.compact();
      assertThat(codecs()).isEqualTo("a:1 b:2 c:2 d:2 e:1 f:1");
      checkAll(store);
    }
  }

  @Test
  void aRangeThatIsNotCompressedTakesTheBytesOfItsValues() throws IOException {
    try (LsmStore store = open()) {
      setCodec(store, "b", "c", RangePolicy.Codec.NONE);
      fill(store);
      store.flush();
    }
    Map<String, Long> bytes = new TreeMap<>();
    forEachBlock((letter, codec, length) -> bytes.merge(letter, (long) length, Long::sum));
    assertThat(bytes.get("b")).isGreaterThan(200L * TEXT.length());
    assertThat(bytes.get("a")).isLessThan(50L * TEXT.length());
  }

  private LsmStore open() {
    return LsmStore.open(
        MemDirectory.PATH,
        LsmOptions.of(StoreOptions.DEFAULT).withVfs(disk).withCodecs(Codec.LZ4, Codec.LZ4));
  }

  private static void setCodec(LsmStore store, String start, String end, RangePolicy.Codec codec) {
    store.setPolicy(KeyRange.of(bytes(start), bytes(end)), RangePolicy.DEFAULT.withCodec(codec));
  }

  private static void fill(LsmStore store) {
    for (String letter : List.of("a", "b", "c", "d", "e", "f")) {
      for (int i = 0; i < 200; i++) {
        store.write(new WriteBatch().put(key(letter, i), bytes(TEXT + i)), Durability.ASYNC);
      }
    }
  }

  private static void checkAll(LsmStore store) {
    store.verify();
    int count = 0;
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      while (cursor.next()) {
        assertThat(cursor.value().toByteArray()).isEqualTo(bytes(TEXT + count++ % 200));
      }
    }
    assertThat(count).isEqualTo(1_200);
  }

  private interface BlockVisitor {
    void block(String firstLetter, int codec, int length);
  }

  /** Letters of keys and the codecs of all their blocks; a block is of one letter only. */
  private String codecs() throws IOException {
    List<String> seen = new ArrayList<>();
    forEachBlock(
        (letter, codec, length) -> {
          String both = letter + ":" + codec;
          if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(both)) {
            seen.add(both);
          }
        });
    return String.join(" ", seen);
  }

  private void forEachBlock(BlockVisitor visitor) throws IOException {
    List<String> tables =
        disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).toList();
    assertThat(tables).hasSize(1);
    Path path = MemDirectory.PATH.resolve(tables.get(0));
    byte[] file = disk.bytes(path);
    String letter = "a";
    try (SsTable table = SsTable.open(disk, path, new BlockCache(0))) {
      for (SsTable.BlockSummary block : table.blocks()) {
        int codec = file[(int) block.offset() + block.sizeInBytes() - 9];
        visitor.block(letter, codec, block.sizeInBytes());
        // A separator ends the block: at the border of a range it may be the next range's start.
        byte[] separator = block.separator();
        String last = new String(separator, 0, 1, StandardCharsets.US_ASCII);
        boolean isBorder = separator.length == 1 || isLastOfLetter(separator);
        letter = isBorder ? String.valueOf((char) (letter.charAt(0) + 1)) : last;
      }
    }
  }

  private static boolean isLastOfLetter(byte[] separator) {
    return new String(separator, 1, separator.length - 1, StandardCharsets.US_ASCII).equals("199");
  }

  private static byte[] key(String letter, int number) {
    return bytes(letter + String.format("%03d", number));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

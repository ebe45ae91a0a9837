package io.ppdb.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyValueNamespaceTest {
  private final Database database = Database.openMemory("namespaces");
  private Transaction transaction;

  @BeforeEach
  void begin() {
    transaction = database.begin();
  }

  @AfterEach
  void end() {
    transaction.close();
    database.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void entriesAreStoredAsTheFormatSays() {
    transaction.kv().put(bytes("ab"), bytes("hi"));
    byte[] stored = transaction.keys().get(HexFormat.of().parseHex("15011429616200"));
    assertThat(stored).isEqualTo(HexFormat.of().parseHex("016869"));
  }

  @Test
  void namespacesAreKeptApart() {
    transaction.kv(0).put(bytes("k"), bytes("zero"));
    transaction.kv(7).put(bytes("k"), bytes("seven"));
    assertThat(transaction.kv(0).get(bytes("k"))).isEqualTo(bytes("zero"));
    assertThat(transaction.kv(7).get(bytes("k"))).isEqualTo(bytes("seven"));
    transaction.kv(7).delete(bytes("k"));
    assertThat(transaction.kv(7).get(bytes("k"))).isNull();
    assertThat(transaction.kv(0).get(bytes("k"))).isNotNull();
    assertThatThrownBy(() -> transaction.kv(-1)).hasMessageContaining("-1 is negative");
  }

  @Test
  void scanShowsKeysWithAPrefixInOrderUntilTold() {
    for (String key : new String[] {"b", "a", "ab", "\u0000", "a\u0000", "a\u0001", ""}) {
      transaction.kv().put(bytes(key), bytes("<" + key + ">"));
    }
    List<String> seen = new ArrayList<>();
    transaction
        .kv()
        .scan(
            bytes("a"),
            (key, value) -> {
              assertThat(new String(value, UTF_8)).isEqualTo("<" + new String(key, UTF_8) + ">");
              return seen.add(new String(key, UTF_8));
            });
    assertThat(seen).containsExactly("a", "a\u0000", "a\u0001", "ab");
    seen.clear();
    transaction.kv().scan(bytes(""), (key, value) -> seen.add("x") && seen.size() < 2);
    assertThat(seen).hasSize(2);
  }

  @Test
  void anExpiredValueIsGone() {
    long now = transaction.keys().instantMillis();
    transaction.kv().put(bytes("past"), bytes("x"), now - 1);
    transaction.kv().put(bytes("future"), bytes("x"), now + 3_600_000);
    transaction.commit();
    try (Transaction reader = database.begin()) {
      assertThat(reader.kv().get(bytes("past"))).isNull();
      assertThat(reader.kv().get(bytes("future"))).isEqualTo(bytes("x"));
    }
  }

  @Test
  void aValueOfAnotherTypeIsRefused() {
    transaction.keys().put(HexFormat.of().parseHex("15011429616200"), new byte[] {9});
    assertThatThrownBy(() -> transaction.kv().get(bytes("ab")))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("type 9");
  }
}

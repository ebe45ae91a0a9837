package io.ppdb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
  @Test
  void allOptionsAreRead() {
    BenchOptions options =
        parse("tpch", "--sf", "0.1", "--quick", "--peers", "h2, duckdb", "--out", "rows.csv");

    assertThat(options)
        .isEqualTo(
            new BenchOptions(
                "tpch", true, 0.1, List.of("h2", "duckdb"), Path.of("rows.csv"), false));
  }

  @Test
  void suiteDecidesWhichPeersRunIfNoneAreNamed() {
    assertThat(parse("kv").peersOr(List.of("rocksdb"))).containsExactly("rocksdb");
    assertThat(parse("kv", "--peers", "lmdb").peersOr(List.of("rocksdb"))).containsExactly("lmdb");
    assertThat(parse("kv", "--peers", "").peersOr(List.of("rocksdb"))).isEmpty();
  }

  @Test
  void theNetworkIsPartOfTheSuitesName() {
    assertThat(parse("oltp", "--remote").suiteName()).isEqualTo("oltp-remote");
    assertThat(parse("oltp").suiteName()).isEqualTo("oltp");
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> parse()).hasMessage("which suite?");
    assertThatThrownBy(() -> parse("kv", "--fast")).hasMessageContaining("--fast");
    assertThatThrownBy(() -> parse("kv", "--sf")).hasMessage("--sf needs a value");
    assertThatThrownBy(() -> parse("kv", "--sf", "none")).hasMessageContaining("'none'");
    assertThatThrownBy(() -> parse("kv", "tpch")).hasMessageContaining("'tpch'");
  }

  private static BenchOptions parse(String... arguments) {
    return BenchOptions.parse(arguments);
  }
}

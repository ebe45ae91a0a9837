package io.ppdb.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.bench.Side;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sides in this process, with few entries. */
class MemorySidesTest {
  @ParameterizedTest
  @ValueSource(strings = {"memory-skiplist", "memory-memtable"})
  void mapsOfBothSidesGiveTheSameChecksums(String suite) throws Exception {
    Side ppdb = MapSide.create(suite, "ppdb");
    Side jdk = MapSide.create(suite, "jdk");
    ppdb.answer(List.of("open", "trial"));
    jdk.answer(List.of("open", "trial"));

    for (String workload : List.of("put", "get", "seek100")) {
      List<String> request = List.of("run", workload, "2", "1");
      assertThat(lastWord(ppdb.answer(request))).isEqualTo(lastWord(jdk.answer(request)));
    }
    assertThat(lastWord(ppdb.answer(List.of("heap"))))
        .isEqualTo(lastWord(jdk.answer(List.of("heap"))));
  }

  @Test
  void pointReadsOfBothSidesGiveTheSameChecksum() throws Exception {
    Side ppdb = PointReadSide.create("ppdb");
    Side caffeine = PointReadSide.create("caffeine");
    ppdb.answer(List.of("open", "trial"));
    caffeine.answer(List.of("open", "trial"));

    List<String> request = List.of("run", "2", "1");
    assertThat(lastWord(ppdb.answer(request))).isEqualTo(lastWord(caffeine.answer(request)));
  }

  @Test
  void noAdditionIsLost() throws Exception {
    Side side = TransactionSide.create("ppdb");
    side.answer(List.of("open", "trial"));

    assertThat(lastWord(side.answer(List.of("run", "2", "1"))))
        .isEqualTo(TransactionSide.NOTHING_LOST);
    assertThat(lastWord(side.answer(List.of("run", "1", "1"))))
        .isEqualTo(TransactionSide.NOTHING_LOST);
  }

  @Test
  void unknownEnginesAndRequestsAreNamed() {
    assertThatThrownBy(() -> MapSide.create("memory-skiplist", "tree"))
        .hasMessageContaining("tree");
    assertThatThrownBy(() -> PointReadSide.create("jdk")).hasMessageContaining("jdk");
    assertThatThrownBy(() -> TransactionSide.create("jdk")).hasMessageContaining("jdk");
    assertThatThrownBy(() -> TransactionSide.create("ppdb").answer(List.of("stop")))
        .hasMessageContaining("stop");
  }

  private static String lastWord(List<String> answer) {
    assertThat(answer).hasSize(1);
    String line = answer.get(0);
    return line.substring(line.lastIndexOf(' ') + 1);
  }
}

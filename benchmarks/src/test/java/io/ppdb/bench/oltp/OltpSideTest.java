package io.ppdb.bench.oltp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OltpSideTest {
  /** The mix checks its own consistency; the other workloads read what they wrote. */
  @Test
  void everyWorkloadGivesTheSameOnEveryDatabase(@TempDir Path folder) throws Exception {
    List<String> first = checksums(folder.resolve("first"));
    assertThat(checksums(folder.resolve("second"))).isEqualTo(first);
    assertThat(first).doesNotHaveDuplicates();
  }

  private static List<String> checksums(Path folder) throws Exception {
    OltpSide side = OltpSide.create("ppdb");
    side.answer(List.of("open", folder.toString(), "quick"));
    List<String> checksums = new ArrayList<>();
    for (OltpWorkload workload : OltpWorkload.values()) {
      boolean fresh = workload == OltpWorkload.POINT_SELECT_FRESH;
      String answer =
          side.answer(List.of("run", workload.rowName(), fresh ? "2" : "1", "true")).get(0);
      checksums.add(answer.split(" ", -1)[3]);
    }
    side.answer(List.of("close"));
    return checksums;
  }
}

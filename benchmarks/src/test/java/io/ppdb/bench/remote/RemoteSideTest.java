package io.ppdb.bench.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteSideTest {
  /** The bank checks its own books. */
  @Test
  void everyWorkloadGivesTheSameOnEveryServerAndToEveryClient() throws Exception {
    String one = "jdbc:ppdb:mem:remote-side-1";
    String other = "jdbc:ppdb:mem:remote-side-2";
    try (Connection keepsOne = DriverManager.getConnection(one);
        Connection keepsOther = DriverManager.getConnection(other)) {
      List<String> first = checksums(one, /* create= */ true);
      assertThat(first).hasSize(RemoteWorkload.values().length).doesNotHaveDuplicates();
      assertThat(checksums(other, /* create= */ true)).isEqualTo(first);
      assertThat(checksums(other, /* create= */ false)).isEqualTo(first);
      assertThat(keepsOne.isValid(1) && keepsOther.isValid(1)).isTrue();
    }
  }

  private static List<String> checksums(String url, boolean create) throws Exception {
    RemoteSide side = RemoteSide.create();
    String pid = Long.toString(ProcessHandle.current().pid());
    side.answer(List.of("open", url, pid, "quick", Boolean.toString(create)));
    List<String> checksums = new ArrayList<>();
    for (RemoteWorkload workload : RemoteWorkload.values()) {
      String answer = side.answer(List.of("run", workload.rowName(), "1")).get(0);
      checksums.add(answer.split(" ", -1)[3]);
    }
    side.answer(List.of("close"));
    return checksums;
  }
}

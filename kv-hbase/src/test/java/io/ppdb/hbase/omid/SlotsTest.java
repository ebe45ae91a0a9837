package io.ppdb.hbase.omid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private final Slots slots = new Slots(16, 4);

  @Test
  void transactionsAtATimeHaveDifferentSlotsOfThisGateway() {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      taken.add(slots.take(100));
    }
    assertThat(taken).containsExactlyInAnyOrder(16, 17, 18, 19);
  }

  @Test
  void oneMoreThanThereAreSlotsGetsOneThatSomebodyHas() {
    for (int i = 0; i < 4; i++) {
      slots.take(100);
    }
    assertThat(slots.take(100)).isBetween(16, 19);
  }

  @Test
  void aSlotThatWasUsedAfterTheStartIsNotGivenOutUnlessNoneIsLeft() {
    for (int i = 0; i < 4; i++) {
      slots.take(100);
    }
    slots.giveBack(17, 150);
    slots.giveBack(18, 120);
    assertThat(slots.take(130)).isEqualTo(18);
    assertThat(slots.take(151)).isEqualTo(17);
  }
}

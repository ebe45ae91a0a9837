package io.ppdb.hbase.omid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private final Slots slots = new Slots(4, 2);

  @Test
  void transactionsAtATimeHaveDifferentSlots() {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      taken.add(slots.take(100));
    }
    assertThat(taken).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void oneMoreThanThereAreSlotsGetsOneThatSomebodyHas() {
    for (int i = 0; i < 4; i++) {
      slots.take(100);
    }
    assertThat(slots.take(100)).isBetween(0, 3);
  }

  @Test
  void transactionsOneAfterTheOtherHaveTheSameSlotAndLongOnesFindAnOldOne() {
    for (long version = 100; version < 200; version += 10) {
      assertThat(slots.take(version)).isEqualTo(2);
      slots.giveBack(2, version + 5);
    }
    assertThat(slots.take(100)).isEqualTo(3);
  }

  @Test
  void aSlotThatWasUsedAfterTheStartIsNotGivenOutUnlessNoneIsLeft() {
    for (int i = 0; i < 4; i++) {
      slots.take(100);
    }
    slots.giveBack(1, 150);
    slots.giveBack(2, 120);
    assertThat(slots.take(130)).isEqualTo(2);
    assertThat(slots.take(151)).isEqualTo(1);
  }

  @Test
  void aSlotInWhichATransactionWasRefusedIsLeft() {
    assertThat(slots.take(100)).isEqualTo(2);
    slots.leave(2);
    assertThat(slots.take(110)).isEqualTo(3);
    slots.giveBack(3, 120);
    assertThat(slots.take(130)).isEqualTo(3);
  }
}

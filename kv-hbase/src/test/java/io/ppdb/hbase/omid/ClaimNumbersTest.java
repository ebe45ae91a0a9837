package io.ppdb.hbase.omid;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClaimNumbersTest {
  private static final byte[] STORE = bytes("ppdb");
  private static final byte[] KEY = bytes("key");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ClaimNumbers claims(int slot, Consumer<ClaimNumbers> added) {
    ClaimNumbers claims = new ClaimNumbers(STORE, slot);
    added.accept(claims);
    return claims;
  }

  private static boolean exclude(ClaimNumbers left, ClaimNumbers right) {
    return !Collections.disjoint(left.numbers(), right.numbers());
  }

  @Test
  void exclusiveClaimsOfAKeyExcludeEachOtherWhateverTheSlots() {
    ClaimNumbers put = claims(1, claims -> claims.addExclusive(KEY, true));
    assertThat(exclude(put, claims(2, claims -> claims.addExclusive(KEY, true)))).isTrue();
    assertThat(exclude(put, claims(1, claims -> claims.addExclusive(bytes("other"), true))))
        .isFalse();
  }

  @Test
  void whereClaimsAreExclusiveAnyTwoOfAKeyExcludeEachOther() {
    ClaimNumbers put = claims(1, claims -> claims.addExclusive(KEY, false));
    ClaimNumbers guard = claims(2, claims -> claims.addShared(KEY, false));
    assertThat(exclude(put, claims(2, claims -> claims.addExclusive(KEY, false)))).isTrue();
    assertThat(exclude(put, guard)).isTrue();
    assertThat(exclude(guard, claims(3, claims -> claims.addShared(KEY, false)))).isTrue();
    assertThat(put.numbers()).hasSize(1);
  }

  @Test
  void aSharedClaimInAnySlotExcludesAnExclusiveOneButNoSharedOneInAnotherSlot() {
    ClaimNumbers put = claims(0, claims -> claims.addExclusive(KEY, true));
    for (int slot = 0; slot < ClaimNumbers.KEY_SLOTS; slot++) {
      ClaimNumbers guard = claims(slot, claims -> claims.addShared(KEY, true));
      ClaimNumbers next = claims(slot + 1, claims -> claims.addShared(KEY, true));
      assertThat(exclude(put, guard)).as("slot %d", slot).isTrue();
      assertThat(exclude(next, guard)).as("slots %d and %d", slot, slot + 1).isFalse();
    }
  }

  @Test
  void whoWritesIntoARangeExcludesWhoDeletesItButNotWhoWritesIntoItToo() {
    ClaimNumbers deletion = claims(0, claims -> claims.addExclusiveRange(KEY));
    assertThat(exclude(deletion, claims(1, claims -> claims.addExclusiveRange(KEY)))).isTrue();
    for (int slot = 0; slot < ClaimNumbers.RANGE_SLOTS; slot++) {
      ClaimNumbers write = claims(slot, claims -> claims.addSharedRange(KEY));
      ClaimNumbers other =
          claims((slot + 1) % ClaimNumbers.RANGE_SLOTS, claims -> claims.addSharedRange(KEY));
      assertThat(exclude(deletion, write)).as("slot %d", slot).isTrue();
      assertThat(exclude(other, write)).as("slot %d", slot).isFalse();
    }
  }

  @Test
  void foldingExcludesFoldingAndExclusiveClaimsButNoSharedOnes() {
    ClaimNumbers folding = claims(1, claims -> claims.addFolding(KEY));
    assertThat(exclude(folding, claims(2, claims -> claims.addFolding(KEY)))).isTrue();
    assertThat(exclude(folding, claims(2, claims -> claims.addExclusive(KEY, true)))).isTrue();
    assertThat(exclude(folding, claims(2, claims -> claims.addShared(KEY, true)))).isFalse();
  }

  @Test
  void aKeyAndTheRangeThatBeginsWithItHaveNothingInCommon() {
    ClaimNumbers key = claims(0, claims -> claims.addExclusive(KEY, true));
    assertThat(exclude(key, claims(0, claims -> claims.addExclusiveRange(KEY)))).isFalse();
  }

  @Test
  void storesHaveNothingInCommon() {
    ClaimNumbers other = new ClaimNumbers(bytes("ppd"), 0);
    other.addExclusive(bytes("bkey"), true);
    assertThat(exclude(claims(0, claims -> claims.addExclusive(KEY, true)), other)).isFalse();
  }
}

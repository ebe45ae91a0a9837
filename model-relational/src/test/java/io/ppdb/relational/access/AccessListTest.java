package io.ppdb.relational.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.AccessList.Entry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AccessListTest {
  private static final long OWNER = 20;
  private static final int SELECT = Privilege.SELECT.bit();
  private static final int UPDATE = Privilege.UPDATE.bit();

  private static Entry entry(long grantee, long grantor, int privileges, int options) {
    return new Entry(grantee, grantor, privileges, options);
  }

  private static int held(AccessList list, long role) {
    return list.privileges(id -> id == role);
  }

  /** 20 -> 21 -> 22 -> 23, each but the last with its option. */
  private static AccessList chain() {
    return AccessList.EMPTY
        .grant(OWNER, entry(21, OWNER, SELECT, SELECT))
        .grant(OWNER, entry(22, 21, SELECT, SELECT))
        .grant(OWNER, entry(23, 22, SELECT, 0));
  }

  @Test
  void revokeNeedsCascadeWhereGrantsRestOnIt() {
    assertThatThrownBy(() -> chain().revoke(OWNER, entry(21, OWNER, SELECT, 0), false))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("dependent privileges exist");
    AccessList left = chain().revoke(OWNER, entry(21, OWNER, SELECT, 0), true);
    assertThat(left.isEmpty()).isTrue();
  }

  @Test
  void revokeOfTheOptionLeavesThePrivilege() {
    AccessList left = chain().revoke(OWNER, entry(21, OWNER, 0, SELECT), true);
    assertThat(held(left, 21)).isEqualTo(SELECT);
    assertThat(held(left, 22)).isZero();
    assertThat(held(left, 23)).isZero();
  }

  @Test
  void whatIsGrantedByTwoStaysWhenOneTakesItBack() {
    AccessList both = chain().grant(OWNER, entry(22, OWNER, SELECT, SELECT));
    AccessList left = both.revoke(OWNER, entry(21, OWNER, SELECT, 0), true);
    assertThat(held(left, 21)).isZero();
    assertThat(held(left, 22)).isEqualTo(SELECT);
    assertThat(held(left, 23)).isEqualTo(SELECT);
  }

  @Test
  void optionsAreNotGrantedBackToTheirGrantor() {
    assertThatThrownBy(() -> chain().grant(OWNER, entry(21, 22, SELECT, SELECT)))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("cannot be granted back");
    chain().grant(OWNER, entry(21, 22, SELECT, 0));
  }

  @Test
  void ofTwoPrivilegesOneStays() {
    AccessList list = AccessList.EMPTY.grant(OWNER, entry(Role.PUBLIC, OWNER, SELECT | UPDATE, 0));
    AccessList left = list.revoke(OWNER, entry(Role.PUBLIC, OWNER, UPDATE, 0), false);
    assertThat(held(left, 99)).isEqualTo(SELECT);
  }

  @Test
  void aNewOwnerTakesThePlaceOfTheOld() {
    AccessList given = chain().withOwner(OWNER, 22);
    assertThat(held(given, 21)).isEqualTo(SELECT);
    assertThat(given.names(OWNER)).isFalse();
  }

  @Test
  void everyGrantIsReachedFromTheOwner() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      AccessList list = AccessList.EMPTY;
      for (int step = 0; step < 40; step++) {
        long grantor = OWNER + random.nextInt(6);
        long grantee = OWNER + 1 + random.nextInt(5);
        int bits = 1 + random.nextInt(3);
        try {
          if (random.nextInt(3) > 0) {
            int may = grantor == OWNER ? bits : bits & list.options(grantor);
            if (may != 0 && grantor != grantee) {
              list =
                  list.grant(OWNER, entry(grantee, grantor, may, random.nextBoolean() ? may : 0));
            }
          } else {
            list = list.revoke(OWNER, entry(grantee, grantor, bits, bits), random.nextBoolean());
          }
        } catch (PpdbException e) {
          assertThat(e.getMessage()).containsAnyOf("dependent privileges", "granted back");
        }
        for (int bit = 1; bit <= 2; bit <<= 1) {
          assertThat(unreached(list, bit)).as("seed %s, step %s: %s", seed, step, list).isEmpty();
        }
      }
    }
  }

  /** Grants of a privilege whose grantor has no option that comes from the owner. */
  private static Set<Entry> unreached(AccessList list, int bit) {
    Set<Long> reached = new HashSet<>(Set.of(OWNER));
    Deque<Long> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      long grantor = open.pop();
      for (Entry entry : list.entries()) {
        if (entry.grantor() == grantor
            && (entry.options() & bit) != 0
            && reached.add(entry.grantee())) {
          open.push(entry.grantee());
        }
      }
    }
    Set<Entry> unreached = new HashSet<>();
    for (Entry entry : list.entries()) {
      if ((entry.privileges() & bit) != 0 && !reached.contains(entry.grantor())) {
        unreached.add(entry);
      }
    }
    return unreached;
  }
}

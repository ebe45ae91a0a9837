package io.ppdb.lsm.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.tree.Tree;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The shape that a tree gets, by the sizes of its tables only. */
class CompactionShapeTest {
  private static final CompactionOptions OPTIONS = new CompactionOptions(4, 400, 10, 50);

  private final TreeModel model = new TreeModel(OPTIONS.tableBytes());

  private static CompactionShape tiered(int runsPerLevel) {
    return CompactionShape.of(OPTIONS.withRunsPerLevel(runsPerLevel));
  }

  private static CompactionShape leveled() {
    return CompactionShape.of(OPTIONS);
  }

  /** Flushes tables of 100 bytes, each followed by what the shape asks for. */
  private void flush(int count, CompactionShape shape) {
    for (int i = 0; i < count; i++) {
      model.flush(100);
      model.settle(shape);
    }
  }

  @Test
  void levelsAreWithinTheirTargetsAfterEachFlush() {
    CompactionShape shape = leveled();
    for (int i = 0; i < 300; i++) {
      flush(1, shape);
      assertThat(model.tree().tableCount(0)).isLessThan(4);
      assertThat(model.tree().sizeInBytes(1)).isLessThan(400);
      assertThat(model.tree().sizeInBytes(2)).isLessThan(4000);
    }
    assertThat(model.tree().sizeInBytes(3)).as(model.toString()).isGreaterThan(20_000);
  }

  @Test
  void runsOfATierAreMergedWhenThereAreEnough() {
    CompactionShape shape = tiered(4);
    flush(12, shape);
    assertThat(model.runBytes()).containsExactly(400L, 400L, 400L);
    flush(4, shape);
    assertThat(model.runBytes()).containsExactly(1600L);
    assertThat(model.tree().sizeInBytes(Tree.LEVEL_COUNT - 1)).isEqualTo(1600);
    flush(20, shape);
    assertThat(model.runBytes()).containsExactly(400L, 1600L, 1600L);
  }

  @Test
  void newerIsAlwaysAboveOlder() {
    for (int runs = 2; runs <= 6; runs++) {
      CompactionShape shape = tiered(runs);
      for (int i = 0; i < 200; i++) {
        flush(1, shape);
        model.checkAges();
      }
    }
  }

  @Test
  void tieredWritesLessAndLeveledReadsLess() {
    flush(1000, leveled());
    TreeModel other = new TreeModel(OPTIONS.tableBytes());
    CompactionShape tiered = tiered(4);
    for (int i = 0; i < 1000; i++) {
      other.flush(100);
      other.settle(tiered);
    }
    assertThat(model.writeAmplification()).isBetween(14.0, 14.5);
    assertThat(other.writeAmplification()).isBetween(4.7, 4.8);
    assertThat(model.runCount()).isLessThan(other.runCount());
  }

  @Test
  void withoutAFreeLevelTheCheapestNeighboursAreMerged() {
    CompactionShape shape = tiered(32);
    flush(60, shape);
    assertThat(model.runBytes()).hasSize(15).containsOnly(400L);
    flush(4, shape);
    assertThat(model.runBytes()).hasSize(15).startsWith(400L, 800L, 400L);
    model.checkAges();
    flush(400, shape);
    assertThat(model.tree().tableCount(0)).isLessThan(4);
    model.checkAges();
  }

  @Test
  void runsSinkToWhereThereIsRoom() {
    for (int level = 5; level >= 1; level--) {
      model.add(level, 400);
    }
    flush(4, tiered(32));
    assertThat(model.runBytes()).hasSize(6).containsOnly(400L);
    model.checkAges();
    assertThat(model.writeAmplification()).as("moved, not written").isEqualTo(2);
  }

  @Test
  void whatWasTieredBecomesLeveled() {
    Random random = new Random(Long.getLong("ppdb.seed", 1));
    CompactionShape tiered = tiered(4);
    for (int i = 0; i < 500; i++) {
      model.flush(50 + random.nextInt(100));
      model.settle(tiered);
    }
    assertThat(model.runCount()).as(model.toString()).isGreaterThan(4);
    CompactionShape leveled = leveled();
    flush(20, leveled);
    assertThat(model.runCount()).as(model.toString()).isLessThanOrEqualTo(7);
    flush(500, leveled);
    assertThat(model.tree().sizeInBytes(1)).as(model.toString()).isLessThan(400);
    assertThat(model.tree().sizeInBytes(2)).as(model.toString()).isLessThan(4000);
    assertThat(model.runBytes()).as(model.toString()).hasSizeLessThanOrEqualTo(4);
    for (int i = 0; i < 100; i++) {
      model.flush(50 + random.nextInt(100));
      model.settle(tiered);
    }
    assertThat(model.tree().tableCount(0)).isLessThan(4);
  }

  @Test
  void aTreeThatIsDeeperThanItsDataNeedsBecomesFlat() {
    model.add(6, 1000);
    model.add(5, 300);
    model.add(2, 50);
    assertThat(model.settle(leveled())).isPositive();
    assertThat(model.runBytes()).as("all fits into level 2").containsExactly(50L, 1300L);
    assertThat(model.tree().sizeInBytes(2)).isEqualTo(1300);
    assertThat(model.settle(leveled())).isZero();
  }

  @Test
  void aLevelThatOnlyJustFitsAboveIsNotMovedUpAndDown() {
    model.add(2, 3900);
    model.add(1, 390);
    assertThat(model.settle(leveled())).isZero();
    flush(4, leveled());
    int more = 0;
    for (int i = 0; i < 10; i++) {
      more += model.settle(leveled());
    }
    assertThat(more).isZero();
  }

  @Test
  void debtIsTablesInLevelZeroOrBytesBeyondTargets() {
    assertThat(CompactionDebt.of(model.tree(), OPTIONS, 12, 24)).isZero();
    for (int i = 0; i < 17; i++) {
      model.flush(100);
    }
    assertThat(CompactionDebt.of(model.tree(), OPTIONS, 12, 24)).isEqualTo(0.5);
    model.add(4, 1_000_000);
    assertThat(CompactionDebt.of(model.tree(), OPTIONS, 100, 200)).as("the last level").isZero();
    model.add(2, 4000 + 5 * 4000);
    assertThat(CompactionDebt.of(model.tree(), OPTIONS, 100, 200)).isEqualTo(0.5);
    assertThat(CompactionDebt.of(model.tree(), OPTIONS.withRunsPerLevel(2), 100, 200)).isZero();
    model.add(1, 400 + 40_000);
    assertThat(CompactionDebt.of(model.tree(), OPTIONS, 100, 200)).isEqualTo(1);
  }

  @Test
  void optionsWithoutSenseAreRefused() {
    assertThatThrownBy(() -> OPTIONS.withRunsPerLevel(0))
        .isInstanceOfSatisfying(
            PpdbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
              assertThat(e).hasMessageContaining("runs per level is 0, expected 1 to 32");
            });
    assertThatThrownBy(() -> new CompactionOptions(0, 1, 2, 1)).isInstanceOf(PpdbException.class);
  }
}

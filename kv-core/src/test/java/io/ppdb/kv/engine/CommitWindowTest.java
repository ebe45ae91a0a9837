package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.CommitWindow.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitWindowTest {
  private final CommitWindow window = new CommitWindow(10, 1 << 20);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Another key of which the window's hash table knows as much. */
  static byte[] inTheBucketOf(byte[] key) {
    int number = 0;
    byte[] other;
    do {
      other = bytes("other " + number++);
    } while (CommitWindow.bucket(other) != CommitWindow.bucket(key));
    return other;
  }

  private static Claims claims(byte mode, String... keys) {
    byte[][] sorted = new byte[keys.length][];
    byte[] modes = new byte[keys.length];
    for (int i = 0; i < keys.length; i++) {
      sorted[i] = bytes(keys[i]);
      modes[i] = mode;
    }
    return new Claims(sorted, modes, Claims.NO_RANGES, Claims.NO_KEYS);
  }

  private static Claims range(String start, String end) {
    KeyRange range = KeyRange.of(bytes(start), bytes(end));
    return new Claims(Claims.NO_KEYS, new byte[0], new KeyRange[] {range}, Claims.NO_KEYS);
  }

  /** Claims in one file that has every key of a range. */
  private static Claims file(String start, String end) {
    KeyRange range = KeyRange.of(bytes(start), bytes(end));
    ClaimedFiles files =
        new ClaimedFiles() {
          @Override
          public boolean mightHave(byte[] key) {
            return range.contains(key);
          }

          @Override
          public boolean mightHaveIn(KeyRange other) {
            return range.overlaps(other);
          }

          @Override
          public List<KeyRange> bounds() {
            return List.of(range);
          }

          @Override
          public long sizeInBytes() {
            return 1_000;
          }
        };
    return new Claims(Claims.NO_KEYS, new byte[0], Claims.NO_RANGES, Claims.NO_KEYS, files);
  }

  private void assertConflict(Claims claims) {
    assertThatThrownBy(() -> window.validate(claims, null, 10)).isInstanceOf(PpdbException.class);
  }

  @Test
  void filesMeetKeysRangesFilesReadsAndRequirements() {
    window.add(11, file("d", "g"));
    assertConflict(claims(Claims.GUARD, "a", "d"));
    assertConflict(range("a", "e"));
    assertConflict(file("f", "z"));
    window.validate(claims(Claims.WRITE, "c", "g"), null, 10);
    window.validate(range("g", "z"), null, 10);
    window.validate(file("a", "d"), null, 10);
    ReadSet reads = new ReadSet();
    reads.add(bytes("c"));
    window.validate(claims(Claims.WRITE, "x"), reads, 10);
    reads.add(bytes("e"));
    assertThatThrownBy(() -> window.validate(claims(Claims.WRITE, "x"), reads, 10))
        .isInstanceOf(PpdbException.class);
    assertThat(window.changedSince(bytes("e"), 10)).isEqualTo(CommitWindow.Answer.CHANGED);
    assertThat(window.changedSince(bytes("h"), 10)).isEqualTo(CommitWindow.Answer.UNCHANGED);
    window.add(12, claims(Claims.LOCK, "k"));
    assertConflict(file("k", "l"));
    window.validate(file("l", "m"), null, 10);
    window.add(13, range("p", "r"));
    assertConflict(file("q", "z"));
  }

  @Test
  void commitsAtOrBeforeTheSnapshotDoNotCount() {
    window.add(11, claims(Claims.WRITE, "a"));
    window.validate(claims(Claims.WRITE, "a"), null, 11);
    assertThatThrownBy(() -> window.validate(claims(Claims.WRITE, "a"), null, 10))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("61 was claimed at version 11");
  }

  @Test
  void validationUnderTheLockSeesOnlyWhatCameSince() {
    window.add(11, claims(Claims.WRITE, "a"));
    CommitWindow.Validated validated = window.validate(claims(Claims.WRITE, "b"), null, 10);
    window.validateFurther(claims(Claims.WRITE, "b"), null, validated);
    window.add(12, claims(Claims.GUARD, "b"));
    assertThatThrownBy(() -> window.validateFurther(claims(Claims.WRITE, "b"), null, validated))
        .isInstanceOf(PpdbException.class);
  }

  @Test
  void bigAndSmallClaimsAreComparedEitherWayRound() {
    window.add(11, claims(Claims.WRITE, "a", "c", "e", "g", "i"));
    assertThatThrownBy(() -> window.validate(claims(Claims.GUARD, "g"), null, 10))
        .isInstanceOf(PpdbException.class);
    window.validate(claims(Claims.WRITE, "b", "d", "f"), null, 10);
    CommitWindow other = new CommitWindow(10, 1 << 20);
    other.add(11, claims(Claims.GUARD, "g"));
    assertThatThrownBy(
            () -> other.validate(claims(Claims.WRITE, "a", "c", "e", "g", "i"), null, 10))
        .isInstanceOf(PpdbException.class);
    other.validate(claims(Claims.GUARD, "a", "c", "e", "g", "i"), null, 10);
  }

  @Test
  void rangesMeetKeysAndRanges() {
    window.add(11, claims(Claims.GUARD, "c"));
    assertThatThrownBy(() -> window.validate(range("a", "d"), null, 10))
        .isInstanceOf(PpdbException.class);
    window.validate(range("a", "c"), null, 10);
    window.validate(range("d", "d"), null, 10);
    window.add(12, range("m", "p"));
    assertThatThrownBy(() -> window.validate(claims(Claims.GUARD, "n"), null, 11))
        .isInstanceOf(PpdbException.class);
    assertThatThrownBy(() -> window.validate(range("o", "z"), null, 11))
        .isInstanceOf(PpdbException.class);
    window.validate(range("p", "z"), null, 11);
    window.validate(claims(Claims.WRITE, "p"), null, 11);
  }

  @Test
  void prunedCommitsRaiseTheFloorBelowWhichNobodyIsValidated() {
    for (int version = 11; version <= 20; version++) {
      window.add(version, claims(Claims.WRITE, "k" + version));
    }
    window.prune(15, 18);
    assertThat(window.floor()).isEqualTo(15);
    window.validate(claims(Claims.WRITE, "x"), null, 15);
    assertThatThrownBy(() -> window.validate(claims(Claims.WRITE, "x"), null, 14))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("only commits after 15 are remembered")
        .hasMessageContaining("1048576 bytes");
    window.prune(Long.MAX_VALUE, 18);
    assertThat(window.floor()).as("never beyond what is published").isEqualTo(18);
    window.prune(Long.MAX_VALUE, 20);
    window.add(21, claims(Claims.WRITE, "a"));
    assertThatThrownBy(() -> window.validate(claims(Claims.WRITE, "a"), null, 20))
        .isInstanceOf(PpdbException.class);
  }

  @Test
  void oldestCommitsGoWhenTheWindowOutgrowsItsBudget() {
    CommitWindow small = new CommitWindow(10, 1000);
    for (int version = 11; version <= 60; version++) {
      small.add(version, claims(Claims.WRITE, "k" + version));
      small.prune(10, version - 1);
    }
    assertThat(small.floor()).isBetween(40L, 59L);
    small.validate(claims(Claims.WRITE, "x"), null, small.floor());
    assertThatThrownBy(() -> small.validate(claims(Claims.WRITE, "k60"), null, small.floor()))
        .isInstanceOf(PpdbException.class);
  }

  /**
   * Between its validation and the lock a commit may wait long enough for the window to overflow.
   */
  @Test
  void commitsForgottenSinceTheValidationRefuseIt() {
    CommitWindow small = new CommitWindow(10, 1000);
    CommitWindow.Validated early = small.validate(claims(Claims.WRITE, "lost"), null, 10);
    small.add(11, claims(Claims.WRITE, "lost"));
    for (int version = 12; version <= 60; version++) {
      small.add(version, claims(Claims.WRITE, "k" + version));
      small.prune(10, version - 1);
    }
    assertThat(small.floor()).isGreaterThan(11);
    assertThatThrownBy(() -> small.validateFurther(claims(Claims.WRITE, "lost"), null, early))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("began at version 10")
        .hasMessageContaining("1000 bytes");
    CommitWindow.Validated late = small.validate(claims(Claims.WRITE, "x"), null, small.floor());
    small.add(61, claims(Claims.WRITE, "y"));
    small.validateFurther(claims(Claims.WRITE, "x"), null, late);
  }

  /** A window begins empty, whatever was committed before the store was opened. */
  @Test
  void onlyEntriesTellWhatWasWrittenBeforeTheStoreWasOpened() {
    assertThat(window.changedSince(bytes("x"), 10)).isEqualTo(Answer.UNCHANGED);
    assertThat(window.changedSince(bytes("x"), 9)).isEqualTo(Answer.ASK_ENTRIES);
    window.add(11, claims(Claims.WRITE, "x"));
    assertThat(window.changedSince(bytes("x"), 9)).isEqualTo(Answer.CHANGED);
  }

  @Test
  void requirementsAreAnsweredForAnyVersionHoweverOld() {
    window.add(11, claims(Claims.LOCK, "locked"));
    window.add(12, claims(Claims.WRITE, "written"));
    window.add(13, claims(Claims.GUARD, "guarded"));
    assertThat(window.changedSince(bytes("locked"), 10)).isEqualTo(Answer.CHANGED);
    assertThat(window.changedSince(bytes("locked"), 11)).isEqualTo(Answer.UNCHANGED);
    assertThat(window.changedSince(bytes("guarded"), 10)).isEqualTo(Answer.UNCHANGED);
    window.prune(13, 13);
    assertThat(window.changedSince(bytes("locked"), 10)).isEqualTo(Answer.CHANGED);
    assertThat(window.changedSince(bytes("written"), 10)).isEqualTo(Answer.ASK_ENTRIES);
    assertThat(window.changedSince(bytes("written"), 12)).isEqualTo(Answer.UNCHANGED);
    assertThat(window.changedSince(bytes("never"), 10)).isEqualTo(Answer.UNCHANGED);
    window.add(14, range("x", "y"));
    window.prune(14, 14);
    assertThat(window.changedSince(bytes("written"), 10)).isEqualTo(Answer.CHANGED);
  }
}

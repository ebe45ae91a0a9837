package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a transaction holds in memory, and what it lets go of; over scratch files in memory. */
class SpilledValuesTest {
  private static final int VALUE_BYTES = 1_000;

  private final FaultyStorage storage = new FaultyStorage();
  private final List<Scratch> files = new ArrayList<>();
  private final Store store = new Store(storage);

  private static final class Store extends LocalStore {
    Store(Storage storage) {
      super(new EngineContext(StoreOptions.DEFAULT, 100, 5000), storage);
    }
  }

  /** Fails when it is told to. */
  private final class Scratch implements ScratchFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean closed;

    @Override
    public long append(byte[] appended) {
      if (appendsLeft-- == 0) {
        throw new PpdbException(ErrorCode.DISK_FULL, "injected");
      }
      long offset = bytes.size();
      bytes.writeBytes(appended);
      return offset;
    }

    @Override
    public byte[] read(long offset, int length) {
      readCount++;
      return Arrays.copyOfRange(bytes.toByteArray(), (int) offset, (int) offset + length);
    }

    @Override
    public long sizeInBytes() {
      return bytes.size();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private int appendsLeft = Integer.MAX_VALUE;
  private int readCount;

  private Transaction begin(long bytesInMemory) {
    storage.maxTransactionBytesInMemory = bytesInMemory;
    storage.scratch =
        () -> {
          files.add(new Scratch());
          return files.get(files.size() - 1);
        };
    return store.begin();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] value(int fill) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) fill);
    return value;
  }

  @Test
  void nothingIsSpilledUpToTheLimitAndEverythingBehindItIs() {
    try (Transaction transaction = begin(3L * VALUE_BYTES)) {
      for (int i = 0; i < 3; i++) {
        transaction.put(bytes("k" + i), value(i));
      }
      transaction.put(bytes("k2"), value(2)); // in the place of another
      assertThat(files).isEmpty();
      transaction.put(bytes("k3"), value(3));
      transaction.put(bytes("empty"), new byte[0]);
      assertThat(files).hasSize(1);
      assertThat(files.get(0).sizeInBytes()).isEqualTo(VALUE_BYTES);
      for (int i = 0; i < 4; i++) {
        assertThat(transaction.get(bytes("k" + i))).isEqualTo(value(i));
      }
      assertThat(readCount).isOne();
      transaction.delete(bytes("k0"));
      transaction.put(bytes("k4"), value(4));
      assertThat(files.get(0).sizeInBytes()).as("there is room again").isEqualTo(VALUE_BYTES);
    }
    assertThat(files.get(0).closed).isTrue();
  }

  /** It is keys that count, and a little for each spilled value. */
  @Test
  void theLimitIsForWhatIsInMemoryAndItsErrorSaysWhatIs() {
    try (Transaction transaction = begin(0)) {
      int count = 0;
      PpdbException failure = null;
      while (failure == null && count < 1_000) {
        try {
          transaction.put(bytes("k" + count), value(count));
          count++;
        } catch (PpdbException e) {
          failure = e;
        }
      }
      assertThat(failure).isNotNull();
      assertThat(count).isBetween(40, 60);
      assertThat(failure)
          .hasMessageMatching(
              "the transaction holds \\d{4,5} bytes in memory, of "
                  + count
                  + " keys, and would hold \\d\\d more; at most 10000 are allowed, beside "
                  + count * VALUE_BYTES
                  + " bytes of spilled values");
      // A statement's error: nothing has happened, and there is room for what takes nothing more.
      assertThat(transaction.get(bytes("k7"))).isEqualTo(value(7));
      transaction.rollback();
    }
  }

  @Test
  void whatIsTakenBackGivesItsRoomBack() {
    try (Transaction transaction = begin(0)) {
      for (int i = 0; i < 400; i++) { // of which two hundred would be too many
        Savepoint savepoint = transaction.savepoint();
        transaction.put(bytes("k"), value(i));
        transaction.rollbackTo(savepoint);
        transaction.release(savepoint);
      }
      transaction.put(bytes("k"), value(1));
      transaction.deleteRange(KeyRange.all());
      assertThat(transaction.get(bytes("k"))).isNull();
    }
  }

  @Test
  void writesThatCanBeTakenBackCount() {
    try (Transaction transaction = begin(0)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  transaction.savepoint();
                  transaction.delete(bytes("k"));
                }
              })
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TRANSACTION_TOO_LARGE));
    }
  }

  @Test
  void aFileThatIsMostlyGapsIsWrittenAgain() {
    try (Transaction transaction = begin(0)) {
      transaction.put(bytes("kept"), value(7));
      for (int i = 0; i < 3_000; i++) {
        transaction.put(bytes("k"), value(i));
      }
      assertThat(files).hasSize(3);
      assertThat(files.stream().map(file -> file.closed)).containsExactly(true, true, false);
      assertThat(transaction.get(bytes("kept"))).isEqualTo(value(7));
      assertThat(transaction.get(bytes("k"))).isEqualTo(value(2_999));
    }
    assertThat(files).allMatch(file -> file.closed);
  }

  @Test
  void aWriteThatFindsNoSpacePoisonsTheTransactionWhichStillDeletesItsFile() {
    try (Transaction transaction = begin(0)) {
      transaction.put(bytes("a"), value(1));
      appendsLeft = 0;
      assertThatThrownBy(() -> transaction.put(bytes("a"), value(2)))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
      appendsLeft = Integer.MAX_VALUE;
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
      assertThat(transaction.isOpen()).isFalse();
      assertThat(files).allMatch(file -> file.closed);
    }
  }

  /**
   * Few enough bytes in the end: they go through log and memtable, as if they never had been out.
   */
  @Test
  void whatFitsIntoMemoryInTheEndIsCommittedAsAlways() {
    try (Transaction transaction = begin(VALUE_BYTES)) {
      transaction.put(bytes("a"), value(1));
      transaction.put(bytes("b"), value(2));
      assertThat(files).hasSize(1);
      transaction.delete(bytes("a"));
      transaction.commit();
    }
    assertThat(storage.enqueuedVersions).hasSize(1);
    assertThat(store.get(bytes("b"))).isEqualTo(value(2));
  }
}

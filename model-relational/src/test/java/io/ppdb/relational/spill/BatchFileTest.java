package io.ppdb.relational.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.VectorBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchFileTest {
  private static final List<ColumnType> TYPES = List.of(ColumnType.INTEGER, ColumnType.TEXT);

  @TempDir private Path directory;

  private static VectorBatch batch(int first, int count, int textLength) {
    VectorBatch batch = VectorBatch.create(TYPES, count);
    batch.reset(count);
    for (int i = 0; i < count; i++) {
      ((IntVector) batch.column(0)).set(i, first + i);
      if (i % 5 == 0) {
        batch.column(1).setNull(i);
      } else {
        ((BytesVector) batch.column(1)).setString(i, "x".repeat(textLength) + (first + i));
      }
    }
    batch.setRowCount(count);
    return batch;
  }

  @Test
  void rowsAreReadAsOftenAsWanted() {
    try (TemporaryFiles files = TemporaryFiles.in(directory.resolve("t"));
        BatchFile file = files.create(TYPES)) {
      VectorBatch some = batch(0, 1_000, 3);
      int[] even = new int[500];
      for (int i = 0; i < even.length; i++) {
        even[i] = 2 * i;
      }
      some.setSelection(even, even.length);
      file.append(some);
      file.append(batch(1_000, 7, 0));
      for (int time = 0; time < 2; time++) {
        file.rewind();
        VectorBatch read = VectorBatch.create(TYPES, 0);
        assertThat(file.read(read)).isTrue();
        assertThat(read.size()).isEqualTo(500);
        assertThat(read.column(0).getObject(2)).isEqualTo(4);
        assertThat(read.column(1).getObject(2)).isEqualTo("xxx4");
        assertThat(read.column(1).getObject(5)).isNull();
        assertThat(file.read(read)).isTrue();
        assertThat(read.column(0).getObject(6)).isEqualTo(1_006);
        assertThat(read.column(1).getObject(6)).isEqualTo("1006");
        assertThat(file.read(read)).isFalse();
      }
    }
    assertThat(directory.resolve("t")).doesNotExist();
  }

  @Test
  void filesThatAreOpenAreCounted() {
    try (TemporaryFiles files = TemporaryFiles.in(directory.resolve("t"))) {
      BatchFile one = files.create(TYPES);
      files.create(TYPES).close();
      assertThat(files.fileCount()).isEqualTo(2);
      assertThat(files.openCount()).isEqualTo(1);
      one.close();
      one.close();
      assertThat(files.openCount()).isZero();
    }
  }

  @Test
  void longStringsAreDividedIntoBlocks() {
    try (TemporaryFiles files = TemporaryFiles.in(directory.resolve("t"));
        BatchFile file = files.create(TYPES)) {
      file.append(batch(0, 100, 100_000));
      file.rewind();
      VectorBatch read = VectorBatch.create(TYPES, 0);
      int rows = 0;
      int blocks = 0;
      while (file.read(read)) {
        for (int i = 0; i < read.size(); i++) {
          assertThat(read.column(0).getObject(i)).isEqualTo(rows++);
        }
        blocks++;
      }
      assertThat(rows).isEqualTo(100);
      assertThat(blocks).isBetween(7, 12);
    }
  }

  @Test
  void damageIsAnError() throws IOException {
    Path path = directory.resolve("some.tmp");
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (BatchFile file = new BatchFile(path, channel, TYPES, bytes -> {})) {
      file.append(batch(0, 1_000, 10));
      file.rewind();
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, 5_000);
      one.put(0, (byte) (one.get(0) ^ 1));
      channel.write(one.flip(), 5_000);
      assertThatThrownBy(() -> file.read(VectorBatch.create(TYPES, 0)))
          .isInstanceOfSatisfying(
              PpdbException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION);
                assertThat(e).hasMessageContaining("some.tmp").hasMessageContaining("checksum");
              });
      channel.truncate(3_000);
      file.rewind();
      assertThatThrownBy(() -> file.read(VectorBatch.create(TYPES, 0)))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION));
    }
  }

  @Test
  void whatACrashLeftIsDeletedAndNothingElse() throws IOException {
    Path place = Files.createDirectories(directory.resolve("t"));
    Files.writeString(place.resolve("17.tmp"), "left");
    Path other = Files.writeString(place.resolve("mine.txt"), "not ours");
    try (TemporaryFiles files = TemporaryFiles.in(place)) {
      assertThat(place.resolve("17.tmp")).doesNotExist();
      files.create(TYPES).close();
    }
    assertThat(other).exists();
  }

  @Test
  void directoryThatCannotBeMadeIsNamed() throws IOException {
    Path place = Files.writeString(directory.resolve("t"), "a file");
    assertThatThrownBy(() -> TemporaryFiles.in(place.resolve("below")).create(TYPES))
        .isInstanceOfSatisfying(
            PpdbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR);
              assertThat(e).hasMessageContaining("below");
            });
  }
}

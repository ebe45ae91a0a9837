package io.ppdb.kv.skiplist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ArenaTest {
  @Test
  void piecesDoNotOverlapAndKeepWhatIsWritten() {
    ByteArena arena = new ByteArena();
    Random random = new Random(1);
    List<int[]> pieces = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int length = i % 500 == 499 ? 200_000 + random.nextInt(200_000) : random.nextInt(400);
      int reference = arena.allocate(length);
      int offset = ByteArena.offset(reference);
      Arrays.fill(arena.array(reference), offset, offset + length, (byte) i);
      pieces.add(new int[] {reference, length, (byte) i});
    }
    for (int[] piece : pieces) {
      byte[] array = arena.array(piece[0]);
      for (int i = 0; i < piece[1]; i++) {
        assertThat(array[ByteArena.offset(piece[0]) + i]).isEqualTo((byte) piece[2]);
      }
    }
  }

  @Test
  void threadsNeverGetTheSamePiece() throws InterruptedException {
    LongArena arena = new LongArena();
    int threadCount = 4;
    int[][] references = new int[threadCount][50_000];
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int[] mine : references) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                for (int i = 0; i < mine.length; i++) {
                  mine[i] = arena.allocate(3);
                  for (int at = 0; at < 3; at++) {
                    arena.set(mine[i] + at, mine[i]);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    for (int[] mine : references) {
      for (int reference : mine) {
        for (int at = 0; at < 3; at++) {
          assertThat(arena.get(reference + at)).isEqualTo(reference);
        }
      }
    }
  }

  @Test
  void sizeIsWhatWasHandedOutAndLostAtTheEndsOfChunks() {
    LongArena arena = new LongArena();
    assertThat(arena.sizeInBytes()).isZero();
    arena.allocate(10);
    arena.allocate(6);
    assertThat(arena.sizeInBytes()).isEqualTo(128);
    arena.allocate(1020);
    assertThat(arena.sizeInBytes()).isEqualTo(8 * (1024 + 1020));
  }

  @Test
  void varintsComeBack() {
    byte[] array = new byte[8];
    for (int value : new int[] {0, 1, 127, 128, 16_383, 16_384, 1 << 21, Integer.MAX_VALUE}) {
      int end = Varints.write(value, array, 1);
      assertThat(end - 1).isEqualTo(Varints.length(value));
      assertThat(Varints.read(array, 1)).isEqualTo(value);
    }
  }
}

package io.ppdb.lsm.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records of format 4: what they cost, and what is taken for one. */
class RecordLayoutTest {
  private static final long NUMBER = 7;
  private static final Path PATH = MemDirectory.PATH.resolve(WalSegments.fileName(NUMBER));
  private static final int HEADER_BYTES = SegmentHeader.BYTES;

  /** A segment under construction. */
  private static final class Segment {
    final ByteWriter bytes = new ByteWriter(1 << 10);
    final List<Integer> offsets = new ArrayList<>();
    private final RecordWriter records;

    Segment(long number) {
      bytes.putBytes(SegmentHeader.encode(number));
      records = new RecordWriter(number);
    }

    /** Appends the commit of a put; everything before it is synced. */
    Segment put(long version, long millis, int valueBytes) {
      return put(version, millis, valueBytes, bytes.size());
    }

    Segment put(long version, long millis, int valueBytes, long synced) {
      ByteWriter payload = room();
      Entry entry = Entry.put(new byte[16], new byte[valueBytes], Limits.NO_EXPIRY);
      CommitPayload.write(payload, new KeyRange[0], new Entry[] {entry});
      return append(payload, RecordLayout.COMMIT, version, millis, synced);
    }

    Segment seal(long version, long millis) {
      return append(room(), RecordLayout.SEAL, version, millis, bytes.size());
    }

    private static ByteWriter room() {
      ByteWriter payload = new ByteWriter(100);
      payload.skip(RecordWriter.MAX_HEADER_BYTES);
      return payload;
    }

    private Segment append(ByteWriter payload, int type, long version, long millis, long synced) {
      int start = RecordWriter.MAX_HEADER_BYTES;
      int end = payload.size();
      int at =
          records.write(payload.array(), start, end, type, version, millis, bytes.size(), synced);
      offsets.add(bytes.size());
      bytes.putBytes(payload.array(), at, end - at);
      return this;
    }

    int lastBytes() {
      return bytes.size() - offsets.get(offsets.size() - 1);
    }

    MemVfs disk() throws IOException {
      return RecordLayoutTest.disk(bytes.toByteArray());
    }
  }

  private static MemVfs disk(byte[] bytes) throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (VfsFile file = disk.create(PATH)) {
      file.write(ByteBuffer.wrap(bytes), 0);
    }
    return disk;
  }

  private static List<WalReader.Commit> read(MemVfs disk) throws IOException {
    List<WalReader.Commit> commits = new ArrayList<>();
    new WalReader(disk, PATH, NUMBER).read(commits::add);
    return commits;
  }

  /** What is left of a damaged segment; in {@code damages}, one element for each loss. */
  private static List<Long> salvage(MemVfs disk, List<String> damages) throws IOException {
    List<Long> versions = new ArrayList<>();
    new WalReader(disk, PATH, NUMBER)
        .read(
            commit -> versions.add(commit.version()),
            damage -> damages.add(String.valueOf(damage.getMessage())));
    return versions;
  }

  private static boolean isIntact(byte[] bytes, long offset) throws IOException {
    try (VfsFile file = disk(bytes).openRead(PATH)) {
      SegmentWindow window = new SegmentWindow(file, PATH, Long.MAX_VALUE);
      boolean intact =
          new SegmentRecords(window, new CompactLayout(NUMBER), new RecordHeader())
              .isIntact(offset);
      assertThat(window.bytes().length).isLessThanOrEqualTo(SegmentWindow.WINDOW_BYTES);
      return intact;
    }
  }

  @Test
  void aPutOf116BytesTakes133() {
    Segment segment = new Segment(NUMBER).put(1_000_000, 1_700_000_000_000L, 100, HEADER_BYTES);
    segment.put(1_900_000, 1_700_000_200_000L, 100, HEADER_BYTES);
    assertThat(segment.lastBytes()).isEqualTo(133);
    segment.put(1_900_001, 1_700_000_200_001L, 100);
    assertThat(segment.lastBytes()).as("synced before").isEqualTo(133);
  }

  @Test
  void versionsAndTicksMayDifferByAnything() throws IOException {
    long[] versions = {5, 6, 1L << 40, Long.MAX_VALUE - 1, Long.MAX_VALUE};
    long[] ticks = {1_700_000_000_000L, 3, Long.MAX_VALUE, Long.MIN_VALUE, -1};
    Segment segment = new Segment(NUMBER);
    for (int i = 0; i < versions.length; i++) {
      segment.put(versions[i], ticks[i], i);
    }
    List<WalReader.Commit> commits = read(segment.seal(versions[4], ticks[4]).disk());
    assertThat(commits).extracting(WalReader.Commit::version).containsExactly(box(versions));
    assertThat(commits).extracting(WalReader.Commit::timeMillis).containsExactly(box(ticks));
  }

  private static Long[] box(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }

  /** Whichever way of writing it down is shorter. */
  @Test
  void theSyncedOffsetIsReadAsItWasWritten() throws IOException {
    Random random = new Random(1);
    Segment segment = new Segment(NUMBER);
    List<Long> written = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      int reach = segment.bytes.size() - HEADER_BYTES;
      long synced = HEADER_BYTES + (long) (reach * random.nextDouble());
      written.add(synced);
      segment.put(i, i, random.nextInt(3_000), synced);
    }
    List<Long> seen = new ArrayList<>();
    try (VfsFile file = segment.disk().openRead(PATH)) {
      SegmentRecords records =
          new SegmentRecords(
              new SegmentWindow(file, PATH, Long.MAX_VALUE),
              new CompactLayout(NUMBER),
              new RecordHeader());
      for (int offset : segment.offsets) {
        assertThat(records.isIntact(offset)).isTrue();
        seen.add(records.header().syncedOffset);
      }
    }
    assertThat(seen).isEqualTo(written);
  }

  /** The same bytes at the same place, in the file's next life, and at its end. */
  @Test
  void noRecordOfAnEarlierLifePasses() throws IOException {
    for (long earlier : new long[] {1, 6, 8, 1L << 20, (1L << 31) + 7}) {
      Segment old = new Segment(earlier).put(1, 1, 40).put(2, 2, 40).put(3, 3, 40).seal(3, 3);
      Segment now = new Segment(NUMBER).put(1, 1, 40);
      byte[] bytes = old.bytes.toByteArray();
      System.arraycopy(now.bytes.array(), 0, bytes, 0, now.bytes.size());
      MemVfs disk = disk(bytes);
      assertThat(read(disk)).as("behind segment %d", earlier).hasSize(1);
      for (int offset = now.bytes.size(); offset < bytes.length; offset++) {
        assertThat(isIntact(bytes, offset)).isFalse();
      }
    }
  }

  /** The length and everything else of a header, and the payload. */
  @Test
  void noRecordWithADamagedByteIsIntact() throws IOException {
    Segment segment = new Segment(NUMBER).put(1, 1, 300).put(2, 2, 300).put(900, 70_000, 300);
    byte[] bytes = segment.bytes.toByteArray();
    for (int index = 0; index < 3; index++) {
      int start = segment.offsets.get(index);
      int end = index < 2 ? segment.offsets.get(index + 1) : bytes.length;
      assertThat(isIntact(bytes, start)).isTrue();
      for (int at = start; at < end; at++) {
        for (int bit = 0; bit < 8; bit++) {
          bytes[at] ^= (byte) (1 << bit);
          assertThat(isIntact(bytes, start)).as("bit %d of byte %d", bit, at - start).isFalse();
          bytes[at] ^= (byte) (1 << bit);
        }
        byte kept = bytes[at];
        bytes[at] = (byte) 0xFF; // in a varint: goes on and on
        assertThat(isIntact(bytes, start)).isEqualTo(kept == (byte) 0xFF);
        bytes[at] = kept;
      }
    }
  }

  /** As much as the file has, more than it has, more than memory has. */
  @Test
  void aLengthThatIsNotTrueTakesNoMemory() throws IOException {
    int fileBytes = 3 << 20;
    for (long length : new long[] {fileBytes - 200, fileBytes, Integer.MAX_VALUE, -1}) {
      byte[] bytes = Arrays.copyOf(headerOf(length, HEADER_BYTES), fileBytes);
      assertThat(isIntact(bytes, HEADER_BYTES)).as("length %d", length).isFalse();
    }
  }

  /** Of what is behind itself. */
  @Test
  void aRecordThatSaysMoreThanItCanKnowIsNone() throws IOException {
    assertThat(isIntact(headerOf(0, HEADER_BYTES), HEADER_BYTES)).isTrue();
    assertThat(isIntact(headerOf(0, HEADER_BYTES + 1), HEADER_BYTES)).isFalse();
    assertThat(isIntact(headerOf(0, -1), HEADER_BYTES)).isFalse();
  }

  /** The header of a segment and one of a record, of which everything fits if it has no payload. */
  private static byte[] headerOf(long payloadBytes, long syncedOffset) {
    ByteWriter header = new ByteWriter(100);
    header.putByte(RecordLayout.COMMIT | CompactLayout.FROM_START_FLAG);
    header.putVarint(payloadBytes);
    header.putVarint(1);
    header.putVarint(1);
    header.putVarint(syncedOffset);
    int checksum = Checksum.of(header.array(), 0, header.size()) ^ CompactLayout.maskOf(NUMBER);
    ByteWriter bytes = new ByteWriter(100);
    bytes.putBytes(SegmentHeader.encode(NUMBER));
    bytes.putInt(checksum);
    bytes.putShort(checksum);
    bytes.putBytes(header.array(), 0, header.size());
    return bytes.toByteArray();
  }

  @Test
  void aRecordThatEndsBehindTheFileIsNotIntact() throws IOException {
    byte[] bytes = new Segment(NUMBER).put(1, 1, 30).bytes.toByteArray();
    for (int length = HEADER_BYTES; length < bytes.length; length++) {
      assertThat(isIntact(Arrays.copyOf(bytes, length), HEADER_BYTES)).isFalse();
    }
  }

  @Test
  void aRecordFarBehindDamageHasItsVersion() throws IOException {
    Segment segment = new Segment(NUMBER);
    List<Long> versions = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      long version = 1_000 + 7L * i;
      versions.add(version);
      segment.put(version, 5_000_000L + i, 500);
    }
    byte[] bytes = segment.bytes.toByteArray();
    bytes[3] ^= 1; // the header of the segment
    int damaged = 3; // records
    bytes[segment.offsets.get(0) + 100] ^= 1;
    bytes[segment.offsets.get(1) + CompactLayout.LENGTH_OFFSET] ^= 0x11;
    bytes[segment.offsets.get(2) + CompactLayout.TYPE_OFFSET] ^= 1;
    List<String> damages = new ArrayList<>();
    assertThat(salvage(disk(bytes), damages)).isEqualTo(versions.subList(damaged, 100));
    assertThat(damages).hasSize(2);
  }

  /** In a short segment only the first record and the seal have the base. */
  @Test
  void theSealTellsVersionsToo() throws IOException {
    Segment segment = new Segment(NUMBER).put(10, 1, 50).put(20, 2, 50).put(30, 3, 50);
    byte[] open = segment.bytes.toByteArray();
    byte[] closed = segment.seal(30, 3).bytes.toByteArray();
    open[segment.offsets.get(0) + 60] ^= 1;
    closed[segment.offsets.get(0) + 60] ^= 1;
    List<String> damages = new ArrayList<>();
    assertThat(salvage(disk(closed), damages)).containsExactly(20L, 30L);
    assertThat(damages).hasSize(1);
    assertThat(salvage(disk(open), damages)).isEmpty();
    assertThat(damages).hasSize(4).last().asString().contains("base");
  }

  @Test
  void aRecordThatIsTakenBackTakesNoBaseWithIt() throws IOException {
    RecordWriter records = new RecordWriter(NUMBER);
    assertThat(hasBase(records, 32)).isTrue();
    assertThat(hasBase(records, 80)).isFalse();
    assertThat(hasBase(records, 32 + (16 << 10) - 1)).isFalse();
    assertThat(hasBase(records, 32 + (16 << 10))).isTrue();
    records.rolledBackTo(32 + (16 << 10));
    assertThat(hasBase(records, 32 + (16 << 10))).isTrue();
    records.rolledBackTo(32);
    assertThat(hasBase(records, 32)).isTrue();
    assertThat(hasBase(records, 70)).isFalse();
  }

  private static boolean hasBase(RecordWriter records, long offset) {
    byte[] bytes = new byte[RecordWriter.MAX_HEADER_BYTES];
    int end = bytes.length;
    int at = records.write(bytes, end, end, RecordLayout.COMMIT, 5, 5, offset, 32);
    RecordHeader header = new RecordHeader();
    assertThat(new CompactLayout(NUMBER).read(bytes, at, end, offset, header)).isTrue();
    return header.hasBase;
  }

  @Test
  void whoseACommitIsIsRead() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    List<CommitOrigin> origins = List.of(CommitOrigin.MAINTENANCE, CommitOrigin.USER);
    Wal wal =
        new Wal(new WalSegments(disk, MemDirectory.PATH, 1_000, 0).create(NUMBER), failure -> {});
    long version = 0;
    for (CommitOrigin origin : origins) {
      WalRecord record = WalRecord.commit(origin, new KeyRange[0], new Entry[0], true);
      record.assign(++version, 1);
      wal.enqueue(record);
      wal.await(record);
    }
    wal.close();
    assertThat(read(disk)).extracting(WalReader.Commit::origin).isEqualTo(origins);
  }

  /** Without its header a segment has the layout that its records have. */
  @Test
  void anOldSegmentWithADamagedHeaderIsSalvaged() throws IOException {
    for (int format = 1; format <= 4; format++) {
      try (InputStream in =
          RecordLayoutTest.class.getResourceAsStream("/golden/v" + format + "/000007.wal")) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        bytes[9] ^= 1;
        List<String> damages = new ArrayList<>();
        assertThat(salvage(disk(bytes), damages)).containsExactly(42L);
        assertThat(damages).hasSize(1);
      }
    }
  }
}

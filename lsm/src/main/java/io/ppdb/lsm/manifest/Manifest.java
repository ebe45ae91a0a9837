package io.ppdb.lsm.manifest;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The manifest in force, open for more edits.
 *
 * <pre>
 * manifest = magic "PPDBMAN1" · format version u32 · crc32c u32 of the 12 bytes before · record …
 * record   = crc32c u32 · payload length u32 · payload (an edit)
 * CURRENT  = name of the manifest · line feed · crc32c of the name and line feed, 8 hex digits
 *          · line feed
 * </pre>
 *
 * A record's checksum covers its length, its payload and its offset in the file (u64). Each record
 * is synced before the next is written, so a damaged one is a torn tail only if no intact one
 * follows. Not thread-safe.
 */
public final class Manifest implements Closeable {
  public static final String CURRENT = "CURRENT";

  private static final String PREFIX = "MANIFEST-";
  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final byte[] MAGIC = "PPDBMAN1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 16;
  private static final int RECORD_HEADER_BYTES = 8;

  private final Path path;
  private final VfsFile file;
  private final ManifestState state;
  private final ByteWriter buffer = new ByteWriter(1 << 10);
  private long position;

  /** Where the first record ends, which says everything that was so when the manifest was begun. */
  private long snapshotEnd;

  /** Why no edit may be appended any more, once it is not known how the last one ended. */
  private @Nullable IOException failure;

  private Manifest(Path path, VfsFile file, ManifestState state) {
    this.path = path;
    this.file = file;
    this.state = state;
  }

  /** Whether {@code name} is that of a manifest or of a temporary file of one. */
  public static boolean isManifest(String name) {
    return name.startsWith(PREFIX) || name.endsWith(TEMPORARY_SUFFIX);
  }

  /** The name of manifest {@code number}. */
  public static String fileName(long number) {
    return String.format(Locale.ROOT, "%s%06d", PREFIX, number);
  }

  /** Takes the edits of a manifest, in order. */
  public interface Visitor {
    void edit(long offset, ManifestEdit edit);
  }

  /** Reads the manifest that {@code CURRENT} names. */
  public static ManifestState read(Vfs vfs, Path directory) throws IOException {
    Path path = directory.resolve(currentName(vfs, directory));
    ManifestState state = new ManifestState();
    read(vfs, path, (offset, edit) -> state.apply(edit, path));
    return state;
  }

  /** Reads the edits of the manifest in {@code path}. */
  public static void read(Vfs vfs, Path path, Visitor visitor) throws IOException {
    byte[] bytes;
    try {
      bytes = readAll(vfs, path);
    } catch (NoSuchFileException e) {
      throw new CorruptionException(path, "the file is missing, though " + CURRENT + " names it");
    }
    checkHeader(bytes, path);
    int at = HEADER_BYTES;
    while (isIntact(bytes, at)) {
      int start = at + RECORD_HEADER_BYTES;
      int end = start + LittleEndian.getInt(bytes, at + Integer.BYTES);
      visitor.edit(at, ManifestEdit.read(new ByteReader(path, start, bytes, start, end)));
      at = end;
    }
    checkTail(bytes, at, path);
  }

  /**
   * Makes manifest {@code number} that says what {@code state} says and, when it is durable, lets
   * {@code CURRENT} name it.
   */
  public static Manifest create(Vfs vfs, Path directory, long number, ManifestState state)
      throws IOException {
    Path path = directory.resolve(fileName(number));
    VfsFile file = vfs.create(path);
    boolean done = false;
    try {
      Manifest manifest = new Manifest(path, file, state);
      manifest.start();
      setCurrent(vfs, directory, fileName(number));
      done = true;
      return manifest;
    } catch (DiskFullException e) {
      discard(vfs, path);
      throw e;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  /** Deletes a manifest that is not, or no longer, in force. */
  private static void discard(Vfs vfs, Path path) {
    try {
      vfs.delete(path);
    } catch (IOException e) {
      // Untidy, not harmful: opening the store deletes what CURRENT does not name.
      System.getLogger(Manifest.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
    }
  }

  /** Whether the edits take {@code growthBytes}, and more than it takes to say what they did. */
  public boolean hasGrown(long growthBytes) {
    return position - snapshotEnd > Math.max(growthBytes, snapshotEnd);
  }

  /**
   * Goes on in a new manifest {@code number}, which says in one edit what this one says in many. If
   * the disk is full this one stays in force; after another failure nobody knows which one is, and
   * neither takes any more edits.
   *
   * @return the one to append to from now on
   */
  public Manifest next(Vfs vfs, Path directory, long number) throws IOException {
    if (failure != null) {
      return this;
    }
    Manifest next;
    try {
      next =
          create(
              vfs, directory, number, state.after(new ManifestEdit().nextFileNumber(number + 1)));
    } catch (DiskFullException e) {
      return this;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    file.close();
    discard(vfs, path);
    return next;
  }

  /** What the manifest says; changes with each edit. */
  public ManifestState state() {
    return state;
  }

  public Path path() {
    return path;
  }

  /**
   * Appends an edit and syncs. When the disk was full nothing has happened, and it may be tried
   * again. After any other failure, that of a sync above all, the edit may or may not be durable:
   * then every later one fails too.
   */
  public void append(ManifestEdit edit) throws IOException {
    if (failure != null) {
      throw new IOException(path + " takes no more edits: " + failure.getMessage(), failure);
    }
    try {
      writeRecord(edit);
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    state.apply(edit, path);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void start() throws IOException {
    byte[] header = Arrays.copyOf(MAGIC, HEADER_BYTES);
    LittleEndian.putInt(header, MAGIC.length, FormatVersion.CURRENT.number());
    int checksumOffset = HEADER_BYTES - Integer.BYTES;
    LittleEndian.putInt(header, checksumOffset, Checksum.of(header, 0, checksumOffset));
    file.write(ByteBuffer.wrap(header), 0);
    position = HEADER_BYTES;
    writeRecord(state.snapshot());
    snapshotEnd = position;
  }

  private void writeRecord(ManifestEdit edit) throws IOException {
    buffer.clear();
    buffer.skip(RECORD_HEADER_BYTES);
    edit.write(buffer);
    byte[] bytes = buffer.array();
    LittleEndian.putInt(bytes, Integer.BYTES, buffer.size() - RECORD_HEADER_BYTES);
    LittleEndian.putInt(bytes, 0, checksum(bytes, 0, buffer.size(), position));
    try {
      file.write(ByteBuffer.wrap(bytes, 0, buffer.size()), position);
    } catch (DiskFullException e) {
      clearRecordHeader();
      throw e;
    }
    try {
      file.force();
    } catch (DiskFullException e) {
      throw new IOException("cannot sync " + path + ": " + e.getMessage(), e);
    }
    position += buffer.size();
  }

  /** What was written of a record must not be found by recovery. */
  private void clearRecordHeader() throws IOException {
    if (file.size() > position) {
      int count = (int) Math.min(RECORD_HEADER_BYTES, file.size() - position);
      try {
        file.write(ByteBuffer.allocate(count), position);
      } catch (DiskFullException e) {
        throw new IOException("cannot take back an edit of " + path, e);
      }
    }
  }

  private static int checksum(byte[] bytes, int start, int end, long offset) {
    return new Checksum()
        .add(bytes, start + Integer.BYTES, end - start - Integer.BYTES)
        .addLong(offset)
        .value();
  }

  private static boolean isIntact(byte[] bytes, int at) {
    if (bytes.length - at < RECORD_HEADER_BYTES) {
      return false;
    }
    int length = LittleEndian.getInt(bytes, at + Integer.BYTES);
    return length > 0
        && length <= bytes.length - at - RECORD_HEADER_BYTES
        && LittleEndian.getInt(bytes, at)
            == checksum(bytes, at, at + RECORD_HEADER_BYTES + length, at);
  }

  private static void checkHeader(byte[] bytes, Path path) {
    int checksumOffset = HEADER_BYTES - Integer.BYTES;
    if (bytes.length < HEADER_BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || LittleEndian.getInt(bytes, checksumOffset) != Checksum.of(bytes, 0, checksumOffset)) {
      throw new CorruptionException(path, 0, "no header of a manifest");
    }
    FormatVersion.of(LittleEndian.getInt(bytes, MAGIC.length), path);
  }

  private static void checkTail(byte[] bytes, int end, Path path) {
    if (end == HEADER_BYTES) {
      throw new CorruptionException(path, end, "no intact first edit");
    }
    for (int at = end + 1; at < bytes.length; at++) {
      if (isIntact(bytes, at)) {
        throw new CorruptionException(
            path, end, "no intact edit, though one follows at offset " + at);
      }
    }
  }

  private static void setCurrent(Vfs vfs, Path directory, String name) throws IOException {
    byte[] line = (name + "\n").getBytes(StandardCharsets.US_ASCII);
    String text =
        name + "\n" + String.format(Locale.ROOT, "%08x\n", Checksum.of(line, 0, line.length));
    Path temporary = directory.resolve(CURRENT + TEMPORARY_SUFFIX);
    if (vfs.exists(temporary)) {
      vfs.delete(temporary);
    }
    try (VfsFile file = vfs.create(temporary)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
      file.force();
    }
    // The manifest's own name first: CURRENT must never survive without what it names.
    vfs.syncDirectory(directory);
    try {
      vfs.rename(temporary, directory.resolve(CURRENT));
      vfs.syncDirectory(directory);
    } catch (DiskFullException e) {
      // From here on nobody knows which manifest is in force.
      throw new IOException("cannot change " + CURRENT + ": " + e.getMessage(), e);
    }
  }

  /** The name of the manifest in force. */
  public static String currentName(Vfs vfs, Path directory) throws IOException {
    Path path = directory.resolve(CURRENT);
    String text = new String(readAll(vfs, path), StandardCharsets.US_ASCII);
    int lineEnd = text.indexOf('\n');
    String name = lineEnd < 0 ? "" : text.substring(0, lineEnd);
    byte[] line = (name + "\n").getBytes(StandardCharsets.US_ASCII);
    String expected =
        name + "\n" + String.format(Locale.ROOT, "%08x\n", Checksum.of(line, 0, line.length));
    if (!name.startsWith(PREFIX) || !text.equals(expected)) {
      throw new CorruptionException(path, 0, "it names no manifest");
    }
    return name;
  }

  private static byte[] readAll(Vfs vfs, Path path) throws IOException {
    try (VfsFile file = vfs.openRead(path)) {
      byte[] bytes = new byte[Math.toIntExact(file.size())];
      int count = file.read(ByteBuffer.wrap(bytes), 0);
      if (count != bytes.length) {
        throw new CorruptionException(path, count, "file ends, expected " + bytes.length);
      }
      return bytes;
    }
  }
}

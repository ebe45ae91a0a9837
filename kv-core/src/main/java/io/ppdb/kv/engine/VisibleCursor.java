package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.skiplist.Varints;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a view at (version, instant) sees of stored entries: per key the newest PUT or DELETE not
 * newer than the version, with all newer operands folded onto it; expired PUTs are absent.
 *
 * <p>Ascending, a plain entry is shown where it lies, without copying. Descending, the entries of a
 * key come oldest first, so its value is built up in buffers of this cursor; so is a folded value.
 * A value that lies elsewhere is read when it is asked for.
 */
final class VisibleCursor implements OrderedCursor {
  /** After this many steps inside one key a seek is cheaper. */
  private static final int MAX_STEPS = 8;

  /** Where {@link #entries} stands relative to the current key. */
  private enum Place {
    /** On the entry that is shown. */
    AT,
    /** On the first entry of a greater key, or past the end. */
    AFTER,
    /** On the last entry of a smaller key, or before the beginning. */
    BEFORE
  }

  private final EntryCursor entries;
  private final KeyRange range;
  private final long version;
  private final long instantMillis;
  private final boolean keysOnly;
  private final OperatorRegistry operators;

  /** What range tombstones hide; null if there are none. */
  private final @Nullable RangeCover cover;

  /** Null if no gaps are known of, or left behind. */
  private final @Nullable GapWalk walk;

  private final Slice key = new Slice();
  private final Slice value = new Slice();
  private byte[] keyBuffer = new byte[32];

  /** Whether {@link #value} is a handle still, of a value that nobody has asked for. */
  private boolean isHandle;

  private long expiryMillis;
  private boolean valid;
  private Place place = Place.BEFORE;

  /**
   * @param walk null for a view of the past, whose entries may be gone
   */
  VisibleCursor(
      EntryCursor entries,
      KeyRange range,
      long version,
      long instantMillis,
      boolean keysOnly,
      OperatorRegistry operators,
      @Nullable GapWalk walk) {
    this.entries = entries;
    this.range = range;
    this.version = version;
    this.instantMillis = instantMillis;
    this.keysOnly = keysOnly;
    this.operators = operators;
    this.walk = walk;
    this.cover = RangeCover.of(entries, version);
  }

  @Override
  public boolean first() {
    return ceiling(range.start());
  }

  @Override
  public boolean last() {
    byte[] end = range.end();
    if (end == null) {
      entries.seekToLast();
    } else {
      entries.seekBefore(end);
    }
    return descend();
  }

  @Override
  public boolean ceiling(byte[] from) {
    byte[] start = range.start();
    entries.seek(Arrays.compareUnsigned(from, start) < 0 ? start : from, version);
    return ascend();
  }

  @Override
  public boolean floor(byte[] from) {
    if (!range.isBeforeEnd(from)) {
      return last();
    }
    entries.seekBefore(Arrays.copyOf(from, from.length + 1));
    return descend();
  }

  @Override
  public boolean higher() {
    switch (place) {
      case AT -> entries.nextKey();
      case AFTER -> {}
      case BEFORE -> entries.seek(key.toByteArray(), 0);
    }
    return ascend();
  }

  @Override
  public boolean lower() {
    if (place != Place.BEFORE) {
      entries.seekBefore(key.toByteArray());
    }
    return descend();
  }

  /** Goes forward from the entry that {@link #entries} is on to the first visible one. */
  private boolean ascend() {
    int newerCount = 0;
    byte[] end = range.end();
    if (walk != null) {
      walk.begin();
    }
    while (entries.isValid()) {
      if (end != null && entries.key().compareTo(end) >= 0) {
        break;
      }
      if (entries.version() > version) {
        if (++newerCount > MAX_STEPS) {
          entries.seek(entries.key().toByteArray(), version);
          newerCount = 0;
        } else {
          entries.next();
        }
        continue;
      }
      long covered = cover == null ? 0 : cover.at(entries.key());
      if (entries.version() < covered) {
        passForward();
        continue;
      }
      switch (entries.kind()) {
        case PUT, BLOB -> {
          if (entries.expiryMillis() > instantMillis) {
            if (walk != null) {
              walk.endForward(entries.key());
            }
            key.set(entries.key());
            if (!keysOnly) {
              value.set(entries.value());
              isHandle = entries.kind() == EntryKind.BLOB;
            }
            expiryMillis = entries.expiryMillis();
            place = Place.AT;
            valid = true;
            return true;
          }
          if (walk != null) {
            walk.sawExpired();
          }
        }
        case DELETE -> {}
        case MERGE -> {
          if (walk != null) {
            walk.endForward(entries.key());
          }
          foldForward(covered);
          valid = true;
          return true;
        }
      }
      passForward();
    }
    if (walk != null) {
      walk.endForward(end);
    }
    valid = false;
    return false;
  }

  /** Goes on from a key that is not visible: to the next one, or over a gap that it is in. */
  private void passForward() {
    Gaps.Gap gap = walk == null ? null : walk.pass(entries.key());
    if (gap == null) {
      entries.nextKey();
      return;
    }
    byte[] gapEnd = gap.range.end();
    byte[] end = range.end();
    if (gapEnd != null && (end == null || Arrays.compareUnsigned(gapEnd, end) < 0)) {
      entries.seek(gapEnd, version);
    } else if (end != null) {
      entries.seek(end, version);
    } else {
      entries.seekToLast();
      entries.nextKey();
    }
  }

  /**
   * Shows the key whose newest visible entry, an operand, {@link #entries} is on.
   *
   * @param covered nothing older than this counts
   */
  private void foldForward(long covered) {
    keepKey();
    expiryMillis = Limits.NO_EXPIRY;
    place = Place.AFTER;
    if (keysOnly) {
      entries.nextKey();
      return;
    }
    PointLookup lookup = new PointLookup(operators, instantMillis);
    lookup.cover(covered);
    boolean sameKey = true;
    while (sameKey && !entries.offer(lookup)) {
      sameKey = entries.next() && entries.key().equals(key);
    }
    if (sameKey) {
      entries.nextKey();
    }
    byte[] handle = lookup.handle();
    if (handle != null) {
      lookup.resolve(entries.readBlob(new Slice(handle)));
    }
    showValue(lookup.value(), false);
  }

  /** Goes backward from the entry that {@link #entries} is on to the first visible key. */
  private boolean descend() {
    place = Place.BEFORE;
    if (walk != null) {
      walk.begin();
    }
    while (entries.isValid() && entries.key().compareTo(range.start()) >= 0) {
      keepKey();
      if (foldBackward()) {
        if (walk != null) {
          walk.endBackward(key);
        }
        valid = true;
        return true;
      }
      Gaps.Gap gap = walk == null ? null : walk.pass(key);
      if (gap != null) {
        entries.seekBefore(gap.range.start());
      }
    }
    if (walk != null) {
      walk.endBackward(range.start());
    }
    valid = false;
    return false;
  }

  /** Goes through the entries of the kept key, oldest first; whether the key is visible. */
  private boolean foldBackward() {
    boolean present = false;
    byte[] folded = null;
    long covered = cover == null ? 0 : cover.at(key);
    boolean foldedIsHandle = false;
    int operandCount = 0;
    do {
      if (entries.version() > version || entries.version() < covered) {
        continue;
      }
      switch (entries.kind()) {
        case PUT, BLOB -> {
          present = entries.expiryMillis() > instantMillis;
          if (!present && walk != null) {
            walk.sawExpired();
          }
          folded = present && !keysOnly ? entries.value().toByteArray() : null;
          foldedIsHandle = folded != null && entries.kind() == EntryKind.BLOB;
          expiryMillis = entries.expiryMillis();
        }
        case DELETE -> {
          present = false;
          folded = null;
          foldedIsHandle = false;
        }
        case MERGE -> {
          if (++operandCount > MAX_STEPS) {
            return foldFromNewest(covered);
          }
          present = true;
          expiryMillis = Limits.NO_EXPIRY;
          if (foldedIsHandle && folded != null) {
            folded = entries.readBlob(new Slice(folded));
            foldedIsHandle = false;
          }
          if (!keysOnly) {
            folded =
                operators.get(entries.operatorId()).apply(folded, entries.value().toByteArray());
          }
        }
      }
    } while (entries.previous() && entries.key().equals(key));
    if (present && !keysOnly) {
      showValue(folded, foldedIsHandle);
    }
    return present;
  }

  /** Shows the kept key, which has many operands, as {@link #ascend} would; if it is visible. */
  private boolean foldFromNewest(long covered) {
    entries.seek(key.toByteArray(), version);
    if (entries.kind() == EntryKind.MERGE) {
      foldForward(covered);
      return true;
    }
    boolean present = entries.kind().isPut() && entries.expiryMillis() > instantMillis;
    if (present) {
      expiryMillis = entries.expiryMillis();
      if (!keysOnly) {
        showValue(entries.value().toByteArray(), entries.kind() == EntryKind.BLOB);
      }
    }
    entries.seekBefore(key.toByteArray());
    return present;
  }

  private void keepKey() {
    Slice from = entries.key();
    if (keyBuffer.length < from.length()) {
      keyBuffer = new byte[Math.max(from.length(), 2 * keyBuffer.length)];
    }
    System.arraycopy(from.array(), from.offset(), keyBuffer, 0, from.length());
    key.set(keyBuffer, 0, from.length());
  }

  private void showValue(byte @Nullable [] bytes, boolean bytesAreHandle) {
    if (bytes == null) {
      throw new IllegalStateException("a visible key without a value");
    }
    value.set(bytes, 0, bytes.length);
    isHandle = bytesAreHandle;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public Slice key() {
    return key;
  }

  @Override
  public Slice value() {
    if (isHandle) {
      byte[] blob = entries.readBlob(value);
      value.set(blob, 0, blob.length);
      isHandle = false;
    }
    return value;
  }

  @Override
  public int valueLength() {
    return isHandle ? Varints.read(value.array(), value.offset()) : value.length();
  }

  @Override
  public long expiryMillis() {
    return expiryMillis;
  }

  @Override
  public void close() {
    valid = false;
    entries.close();
  }
}

package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryChains.Body;
import io.ppdb.kv.skiplist.ByteArena;
import io.ppdb.kv.skiplist.KeyIndex;
import io.ppdb.kv.skiplist.LongArena;
import io.ppdb.kv.skiplist.Skiplist;
import io.ppdb.kv.sync.PaddedCounter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Entries in memory, sorted by key and newest version first, in arenas.
 *
 * <p>A {@link Skiplist} holds the keys, one node a key, whose payload is the newest record of an
 * {@link EntryChains} chain; a {@link KeyIndex} beside it answers point reads. New keys are in the
 * index at once; the list gets them some thousands together, or when somebody asks for order, which
 * costs far less than to search a place for each in turn. Entries are only ever added: no reader
 * takes a lock or waits, and what it misses by racing with a writer is not published yet. Commits
 * may be applied in parallel and in any order. See {@code docs/design/memory.md}. Range tombstones
 * are an immutable {@link RangeTombstones} beside it, exchanged for another one when a range is
 * deleted: a reader takes what is there when it begins.
 *
 * <p>A memtable is <em>frozen</em> when no commit is assigned to it any more (the commit lock sees
 * to that) and {@link #awaitAppliers} has returned; then it never changes.
 */
public final class Memtable implements CommitTarget {
  private static final byte[] NOTHING_SHARED = {};

  /** What an entry's node, record and slots take on average. */
  private static final int TYPICAL_OVERHEAD_BYTES = Skiplist.NODE_SIZE_BYTES + 4 * Long.BYTES;

  /** What the record of a further version of a key takes. */
  private static final int VERSION_OVERHEAD_BYTES = EntryChains.RECORD_SIZE_BYTES + 4;

  /** Node, record, slot in the index, and lengths. */
  private static final int ENTRY_OVERHEAD_BYTES =
      Skiplist.NODE_SIZE_BYTES + EntryChains.MAX_RECORD_SIZE_BYTES + 3 * Long.BYTES + 16;

  private final LongArena longs = new LongArena();
  private final ByteArena bytes = new ByteArena();
  private final Skiplist list;
  private final KeyIndex index;
  private final byte[] sharedPrefix;
  private final long emptyBytes;
  private final EntryChains chains = new EntryChains(longs, bytes);
  private final OperandFolds folds = new OperandFolds(chains);

  /** Held by who links loose nodes. */
  private final ReentrantLock linking = new ReentrantLock();

  private final Appliers appliers = new Appliers();
  private final PaddedCounter entryCount = new PaddedCounter();

  /** Null until a range is deleted; written under the monitor. */
  private volatile @Nullable RangeTombstones tombstones;

  /** What expires when, of the newest entries of their keys; null until there is one. */
  private volatile @Nullable ExpiryHistogram expiries;

  /** Garbage that was there when this memtable was filled, because views needed it. */
  private long retainedBytes;

  /** When the horizon has reached this version, no view needs it any more. */
  private long retainedVersion;

  private final PaddedCounter garbageBytes = new PaddedCounter();

  /** What {@link #countDeleted} found; not in {@link #garbageBytes}. */
  private final DeletedBytes deletedBytes = new DeletedBytes();

  private final RangeCounts counts = new RangeCounts(this::cursor);

  public Memtable() {
    this(NOTHING_SHARED);
  }

  /**
   * An empty memtable.
   *
   * @param sharedPrefix what most keys are expected to begin with; searches are faster if they do
   */
  private Memtable(byte[] sharedPrefix) {
    this.sharedPrefix = sharedPrefix;
    this.list = new Skiplist(longs, bytes, sharedPrefix);
    this.index = new KeyIndex(list);
    this.emptyBytes = usedBytes();
  }

  @Override
  public void reserve(long reservedBytes) {
    appliers.reserve(reservedBytes);
  }

  @Override
  public void applied(long reservedBytes) {
    appliers.applied(reservedBytes);
  }

  @Override
  public void awaitAppliers() {
    appliers.await();
  }

  /** What an entry adds to {@link #sizeInBytes} at most, but for rare tall nodes. */
  public static long sizeOf(Entry entry) {
    return (long) entry.key().length + entry.value().length + ENTRY_OVERHEAD_BYTES;
  }

  @Override
  public void insert(Entry entry) {
    add(entry);
  }

  @Override
  public void deleteRange(KeyRange range, long version) {
    addTombstones(RangeTombstones.of(range, version));
  }

  /** Adds range tombstones that have their versions. */
  public synchronized void addTombstones(RangeTombstones more) {
    tombstones = RangeTombstones.join(tombstones, more);
  }

  /** The range tombstones; null if there are none. */
  public @Nullable RangeTombstones tombstones() {
    return tombstones;
  }

  /**
   * Inserts an entry that has its version.
   *
   * @return whether it is the first one of its key here
   */
  public boolean add(Entry entry) {
    byte[] key = entry.key();
    int hash = KeyIndex.hash(key);
    int node = index.find(key, hash);
    if (node == Skiplist.NONE) {
      node = insertKey(entry, hash);
    }
    if (node != Skiplist.NONE) {
      addTo(node, entry);
    }
    entryCount.increment();
    return node == Skiplist.NONE;
  }

  /** Inserts the first entry of a key; gives the key's node if there is one, else none. */
  private int insertKey(Entry entry, int hash) {
    byte[] key = entry.key();
    int keySize = Skiplist.keySize(key);
    int reference = bytes.allocate(keySize + EntryChains.bodySize(entry));
    byte[] array = bytes.array(reference);
    int bodyOffset = Skiplist.writeKey(key, array, ByteArena.offset(reference));
    EntryChains.writeBody(entry, array, bodyOffset);
    int record = chains.bottom(entry.version(), reference + keySize);
    int known = index.addLoose(key, hash, list.loose(key, reference, record));
    if (known == Skiplist.NONE) {
      count(entry);
      if (index.hasManyLoose(hash) && linking.tryLock()) {
        linkAndUnlock();
      }
    }
    return known;
  }

  /** The list, with all keys that were added before the call. */
  private Skiplist ordered() {
    // Whoever takes the loose nodes is at it until it unlocks.
    if (index.hasLoose() || linking.isLocked()) {
      linking.lock();
      linkAndUnlock();
    }
    return list;
  }

  private void linkAndUnlock() {
    try {
      list.link(index.takeLoose());
    } finally {
      linking.unlock();
    }
  }

  /** Counts an entry that is the newest of its key. */
  private void count(Entry entry) {
    long size = wholeSize(entry.key().length, entry.value().length);
    if (entry.kind() == EntryKind.DELETE) {
      garbageBytes.add(size);
    } else if (entry.expiryMillis() != Limits.NO_EXPIRY) {
      expiries().add(entry.expiryMillis(), size);
    }
  }

  /** About what a key with one entry takes. */
  private static long wholeSize(int keyLength, int valueLength) {
    return (long) keyLength + valueLength + TYPICAL_OVERHEAD_BYTES;
  }

  private ExpiryHistogram expiries() {
    ExpiryHistogram known = expiries;
    if (known == null) {
      synchronized (this) {
        known = expiries;
        if (known == null) {
          known = new ExpiryHistogram();
          expiries = known;
        }
      }
    }
    return known;
  }

  private void addTo(int node, Entry entry) {
    int body = bytes.allocate(EntryChains.bodySize(entry));
    EntryChains.writeBody(entry, bytes.array(body), ByteArena.offset(body));
    long version = entry.version();
    int record = EntryChains.NONE;
    while (true) {
      int newer = EntryChains.NONE;
      int older = list.payload(node);
      while (older != EntryChains.NONE && chains.version(older) > version) {
        newer = older;
        older = chains.older(older);
      }
      assert older == EntryChains.NONE || chains.version(older) != version
          : "two entries of a key at version " + version;
      if (record != EntryChains.NONE) {
        chains.setOlder(record, older);
      } else if (older == EntryChains.NONE) {
        record = chains.bottom(version, body);
      } else {
        record = chains.above(older, version, body);
      }
      if (newer == EntryChains.NONE
          ? list.compareAndSetPayload(node, older, record)
          : chains.link(newer, older, record)) {
        if (newer == EntryChains.NONE) {
          garbageBytes.add(outdate(older, entry.key()));
          count(entry);
        } else {
          garbageBytes.add(entry.value().length + VERSION_OVERHEAD_BYTES);
        }
        return;
      }
    }
  }

  /**
   * What becomes garbage because a record is not the newest any more. If it is a tombstone the key
   * was garbage with it, and is not any more. If its range was deleted it is counted with that.
   */
  private long outdate(int record, byte[] key) {
    Body body = chains.new Body();
    body.read(record);
    if (body.kind == EntryKind.DELETE) {
      return VERSION_OVERHEAD_BYTES - wholeSize(key.length, 0);
    }
    letLive(body, key.length);
    RangeTombstones deleted = tombstones;
    if (deleted != null && deleted.newest(key, Long.MAX_VALUE) > chains.version(record)) {
      return 0;
    }
    return (long) body.valueLength + VERSION_OVERHEAD_BYTES;
  }

  /** Takes back that an entry expires. */
  private void letLive(Body body, int keyLength) {
    if (body.expiryMillis != Limits.NO_EXPIRY) {
      expiries().add(body.expiryMillis, -wholeSize(keyLength, body.valueLength));
    }
  }

  /**
   * Tells that there is a newer entry of {@code key} elsewhere.
   *
   * @return the bytes that this has made useless here, which the caller counts; -1 if the key is
   *     not here
   */
  public long supersede(byte[] key) {
    int node = index.find(key, KeyIndex.hash(key));
    if (node == Skiplist.NONE) {
      return -1;
    }
    Body body = chains.new Body();
    body.read(list.payload(node));
    if (body.kind == EntryKind.DELETE) {
      return 0; // garbage already
    }
    letLive(body, key.length);
    return wholeSize(key.length, body.valueLength);
  }

  /**
   * About what the newest entry of {@code key} takes; 0 if it is a tombstone, -1 if none is here.
   *
   * @param deletedVersion entries older than this are hidden by a range tombstone, and count as one
   */
  public long newestSize(byte[] key, long deletedVersion) {
    int node = index.find(key, KeyIndex.hash(key));
    if (node == Skiplist.NONE) {
      return -1;
    }
    Body body = chains.new Body();
    int newest = list.payload(node);
    body.read(newest);
    return body.kind == EntryKind.DELETE || chains.version(newest) < deletedVersion
        ? 0
        : wholeSize(key.length, body.valueLength);
  }

  /** Some key, each about as likely as any other if {@code random} is; null if there is none. */
  public byte @Nullable [] anyKey(int random) {
    int node = index.any(random);
    return node == Skiplist.NONE ? null : list.key(node);
  }

  /** Fills this memtable, which is empty and which nobody else knows. */
  public Filler filler() {
    return new Filler();
  }

  /**
   * Adds entries in order: keys ascending, of each key the newest version first. Not thread-safe.
   */
  public final class Filler implements Retention.Sink<RuntimeException> {
    private final Skiplist.Place place = new Skiplist.Place();
    private byte[] key = {};
    private int keyReference;
    private long[] versions = new long[4];
    private int[] bodies = new int[4];
    private int count;

    private Filler() {}

    @Override
    public void add(
        Slice newKey,
        long version,
        EntryKind kind,
        int operatorId,
        long expiryMillis,
        Slice value) {
      if (count > 0 && newKey.compareTo(key) != 0) {
        finishKey();
      }
      int bodySize = EntryChains.bodySize(kind, operatorId, expiryMillis, value.length());
      int body;
      if (count == 0) {
        key = newKey.toByteArray();
        int keySize = Skiplist.keySize(key);
        keyReference = bytes.allocate(keySize + bodySize);
        Skiplist.writeKey(key, bytes.array(keyReference), ByteArena.offset(keyReference));
        body = keyReference + keySize;
        if (kind == EntryKind.DELETE) {
          garbageBytes.add(wholeSize(key.length, 0));
        } else if (expiryMillis != Limits.NO_EXPIRY) {
          expiries().add(expiryMillis, wholeSize(key.length, value.length()));
        }
      } else {
        body = bytes.allocate(bodySize);
        garbageBytes.add(value.length() + VERSION_OVERHEAD_BYTES);
      }
      EntryChains.writeBody(
          kind, operatorId, expiryMillis, value, bytes.array(body), ByteArena.offset(body));
      if (count == versions.length) {
        versions = Arrays.copyOf(versions, 2 * count);
        bodies = Arrays.copyOf(bodies, 2 * count);
      }
      versions[count] = version;
      bodies[count++] = body;
      entryCount.increment();
    }

    /** Links the versions of the last key, oldest first, so that they get their jumps. */
    public void finishKey() {
      if (count == 0) {
        return;
      }
      int record = chains.bottom(versions[count - 1], bodies[count - 1]);
      for (int i = count - 2; i >= 0; i--) {
        record = chains.above(record, versions[i], bodies[i]);
      }
      index.add(KeyIndex.hash(key), list.append(key, place, keyReference, record));
      count = 0;
    }
  }

  /**
   * Offers the entries of {@code key} up to {@code version}, newest first, until the lookup is
   * decided; before that, the newest range tombstone over it.
   *
   * @param version a published one, or {@link Long#MAX_VALUE} for all that is here
   * @return whether it is decided
   */
  public boolean find(byte[] key, long version, PointLookup lookup) {
    RangeTombstones deleted = tombstones;
    long coveredVersion = deleted == null ? 0 : deleted.newest(key, version);
    lookup.cover(coveredVersion);
    int node = index.find(key, KeyIndex.hash(key));
    if (node == Skiplist.NONE) {
      return false;
    }
    int record = chains.atMost(list.payload(node), version);
    return record != EntryChains.NONE
        && folds.offer(node, record, version != Long.MAX_VALUE, coveredVersion, lookup);
  }

  public EntryCursor cursor() {
    return new MemtableCursor(ordered(), chains, folds, bytes, tombstones);
  }

  public boolean isEmpty() {
    return index.isEmpty() && tombstones == null;
  }

  /** What the entries take in arenas and index, and what is announced to come. */
  public long sizeInBytes() {
    return usedBytes() - emptyBytes + appliers.reservedBytes();
  }

  private long usedBytes() {
    RangeTombstones deleted = tombstones;
    return longs.sizeInBytes()
        + bytes.sizeInBytes()
        + index.sizeInBytes()
        + folds.sizeInBytes()
        + (deleted == null ? 0 : deleted.sizeInBytes());
  }

  /**
   * Of {@link #sizeInBytes}, about what no view of now needs: what is not the newest of its key,
   * tombstones, what was told or counted to be garbage, and what has expired by {@code
   * instantMillis}.
   */
  public long garbageBytes(long instantMillis) {
    return ownGarbageBytes(instantMillis) + deletedBytes.total();
  }

  private long ownGarbageBytes(long instantMillis) {
    return garbageBytes.sum() + expiredBytes(instantMillis);
  }

  /**
   * Counts what ranges that were deleted have made garbage here, unless it is known; by walking
   * over them, so it is for those who have to know. One thread at a time walks, others wait.
   *
   * @param all the range tombstones here and of newer memtables
   */
  public void countDeleted(List<RangeTombstones> all) {
    synchronized (deletedBytes) {
      RangeTombstones joined = deletedBytes.isCountedFor(all) ? null : RangeTombstones.join(all);
      if (joined == null) {
        return;
      }
      RangeTombstones own = tombstones;
      long[] hidden = {own == null ? 0 : own.sizeInBytes()};
      try (EntryCursor cursor = cursor()) {
        joined.forEach((range, versions) -> hidden[0] += hiddenBytes(cursor, range, versions));
      }
      deletedBytes.set(all, joined.maxVersion(), hidden[0]);
    }
  }

  /**
   * What entries of {@code range} take that were not garbage before a tombstone of {@code versions}
   * hid them: those that it separates from the next newer entry of their key, see {@link #outdate}.
   */
  private static long hiddenBytes(EntryCursor cursor, KeyRange range, long[] versions) {
    long hidden = 0;
    byte[] end = range.end();
    byte[] key = {};
    long newerVersion = Long.MAX_VALUE;
    boolean more = cursor.seek(range.start(), Long.MAX_VALUE);
    while (more && (end == null || cursor.key().compareTo(end) < 0)) {
      if (newerVersion == Long.MAX_VALUE || cursor.key().compareTo(key) != 0) {
        key = cursor.key().toByteArray();
        newerVersion = Long.MAX_VALUE;
      }
      if (cursor.kind() != EntryKind.DELETE
          && RangeTombstones.newest(versions, newerVersion) > cursor.version()) {
        int valueLength = cursor.value().length();
        hidden +=
            newerVersion == Long.MAX_VALUE
                ? wholeSize(key.length, valueLength)
                : valueLength + VERSION_OVERHEAD_BYTES;
      }
      newerVersion = cursor.version();
      more = cursor.next();
    }
    return hidden;
  }

  /** Of {@link #garbageBytes}, about what has expired. */
  public long expiredBytes(long instantMillis) {
    ExpiryHistogram known = expiries;
    return known == null ? 0 : known.expiredBytes(instantMillis);
  }

  /** Of {@link #garbageBytes}, about what can be left out now, by that horizon. */
  public long reclaimableBytes(Horizon horizon) {
    long garbage = ownGarbageBytes(horizon.instantMillis());
    if (horizon.version() < retainedVersion) {
      garbage = Math.max(0, garbage - retainedBytes);
    }
    return garbage + deletedBytes.upTo(horizon.version());
  }

  /**
   * Takes the garbage that is here for what older views need, at least until the horizon reaches
   * {@code version}; before others know this memtable.
   */
  public void retainGarbage(long instantMillis, long version) {
    retainedBytes = ownGarbageBytes(instantMillis);
    retainedVersion = version;
  }

  /** Counts bytes, here or in an older memtable, that an entry of this one has made useless. */
  public void addGarbage(long size) {
    garbageBytes.add(size);
  }

  /** A key about in the middle, null if there is none. */
  public byte @Nullable [] middleKey() {
    int node = ordered().middle();
    return node == Skiplist.NONE ? null : list.key(node);
  }

  public long entryCount() {
    return entryCount.sum();
  }

  /** An empty memtable for keys that are expected to begin as those in this one do. */
  public Memtable next() {
    // Asked for between two commits: the keys that are linked tell enough, if there are any.
    Skiplist known = list.first() == Skiplist.NONE ? ordered() : list;
    if (known.first() == Skiplist.NONE) {
      return new Memtable(sharedPrefix);
    }
    byte[] least = known.key(known.first());
    byte[] greatest = known.key(known.last());
    int differing = Arrays.mismatch(least, greatest);
    return new Memtable(differing < 0 ? NOTHING_SHARED : Arrays.copyOf(least, differing));
  }

  /** Counts the entries of {@code range}, those that have expired too. */
  public RangeStatistics statistics(KeyRange range) {
    RangeTombstones own = tombstones;
    return statistics(
        range,
        Horizons.everywhere(new Horizon(0, Long.MIN_VALUE)),
        own == null ? List.of() : List.of(own));
  }

  /**
   * Counts the entries of {@code range} but those that have expired by the horizons, and those that
   * {@code deleted} hides; or gives what was counted lately.
   */
  public RangeStatistics statistics(
      KeyRange range, Horizons horizons, List<RangeTombstones> deleted) {
    return counts.of(range, horizons, deleted, entryCount(), expiries != null);
  }
}

package io.ppdb.kv.engine;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One commit on its way through the {@link CommitPipeline}.
 *
 * <p>Version, tick and target are set under the commit lock, before {@link Storage#enqueue} sees
 * the commit; nothing changes afterwards but the pipeline's own state.
 */
public final class Commit {
  private static final Entry[] NO_ENTRIES = {};

  private final KeyRange[] deletedRanges;
  private final Entry[] entries;
  private final Claims claims;
  private final CommitOrigin origin;
  private final Durability durability;
  private final long sizeInBytes;
  private long version;
  private long timeMillis;
  private @Nullable Object attachment;

  /** What goes to log and memtable. */
  private Entry[] storedEntries;

  private long storedBytes;

  /** What it writes besides, in files; null if there is nothing. */
  private @Nullable LoadWriter load;

  /** Writes the entries of {@link #load}; null if they are written, or there are none. */
  private @Nullable Consumer<LoadWriter> unwritten;

  /** Whether others are not validated against this commit, though it is against them. */
  private final boolean givesWay;

  /** The view that the transaction has read; null if it is no transaction's. */
  Views.@Nullable Registration view;

  /** What it has read of it if it is SERIALIZABLE, null otherwise. */
  @Nullable ReadSet reads;

  /** Where the entries go; null if there are none. */
  @Nullable CommitTarget target;

  /** The commit announced after this one, until publication has passed to that; see there. */
  volatile @Nullable Commit next;

  /** Applied or void: publication may pass. Guarded by the publication's monitor. */
  boolean settled;

  /** Whether its entries are in, so that it is not void; set before it is settled. */
  boolean applied;

  /** Who waits for publication. */
  volatile @Nullable Thread waiter;

  Commit(Entry[] entries, Claims claims, CommitOrigin origin, Durability durability) {
    this(Claims.NO_RANGES, entries, claims, origin, durability);
  }

  Commit(
      KeyRange[] deletedRanges,
      Entry[] entries,
      Claims claims,
      CommitOrigin origin,
      Durability durability) {
    this(deletedRanges, entries, claims, origin, durability, false);
  }

  private Commit(
      KeyRange[] deletedRanges,
      Entry[] entries,
      Claims claims,
      CommitOrigin origin,
      Durability durability,
      boolean givesWay) {
    this.givesWay = givesWay;
    this.deletedRanges = deletedRanges;
    this.entries = entries;
    this.claims = claims;
    this.origin = origin;
    this.durability = durability;
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += Memtable.sizeOf(entry);
    }
    for (KeyRange range : deletedRanges) {
      bytes += RangeTombstones.sizeOf(range);
    }
    this.sizeInBytes = bytes;
    this.storedEntries = entries;
    this.storedBytes = bytes;
  }

  /**
   * Background work that users never conflict with: it fails if they have changed what it claims,
   * and claims nothing of those who commit later.
   */
  static Commit sweep(Entry[] entries) {
    return new Commit(
        Claims.NO_RANGES,
        entries,
        BatchFolder.claims(entries),
        CommitOrigin.MAINTENANCE,
        Durability.MEMORY,
        true);
  }

  /** Takes a version, and that is all. */
  static Commit ofNothing() {
    return new Commit(NO_ENTRIES, Claims.NONE, CommitOrigin.MAINTENANCE, Durability.MEMORY);
  }

  /** What a load has written to files, at one version; {@code claims} has its keys. */
  static Commit ofLoad(LoadWriter load, Claims claims, CommitOrigin origin, Durability durability) {
    Commit commit = new Commit(NO_ENTRIES, claims, origin, durability);
    commit.load = load;
    return commit;
  }

  /**
   * A transaction whose entries are in files, once {@code entries} has written them: only if it is
   * in no conflict so far.
   */
  static Commit ofSpilled(
      KeyRange[] deletedRanges,
      LoadWriter load,
      Consumer<LoadWriter> entries,
      Claims claims,
      CommitOrigin origin,
      Durability durability) {
    Commit commit = new Commit(deletedRanges, NO_ENTRIES, claims, origin, durability);
    commit.load = load;
    commit.unwritten = entries;
    return commit;
  }

  /** Writes what goes to files and is not there yet, and makes it durable. */
  void writeLoad() {
    Consumer<LoadWriter> writing = unwritten;
    LoadWriter written = load;
    if (writing != null && written != null) {
      unwritten = null;
      writing.accept(written);
      written.finish();
    }
  }

  /** The claims that later commits are validated against. */
  Claims claimsOfOthers() {
    return givesWay ? Claims.NONE : claims;
  }

  /** Whether it is background work that nobody conflicts with. */
  public boolean givesWay() {
    return givesWay;
  }

  void assign(long newVersion, long newTimeMillis) {
    version = newVersion;
    timeMillis = newTimeMillis;
  }

  public Claims claims() {
    return claims;
  }

  /** Whether nothing is written: locks and guards only. */
  public boolean isEmpty() {
    return entries.length == 0 && deletedRanges.length == 0 && load == null;
  }

  /** Ranges that are deleted below the entries; not empty, ascending, apart from each other. */
  public KeyRange[] deletedRanges() {
    return deletedRanges;
  }

  /** As they were written: one entry a key, ascending. */
  public Entry[] entries() {
    return entries;
  }

  /** What the commit writes besides its entries, in files that are durable; null if nothing. */
  public @Nullable LoadWriter load() {
    return load;
  }

  /** What the entries would add to a memtable as they were written. */
  public long sizeInBytes() {
    return sizeInBytes;
  }

  /**
   * Puts entries with handles in the place of those with large values; before the commit is
   * enqueued. The keys stay.
   */
  public void storeAs(Entry[] newEntries) {
    long bytes = sizeInBytes;
    for (int i = 0; i < newEntries.length; i++) {
      bytes += Memtable.sizeOf(newEntries[i]) - Memtable.sizeOf(entries[i]);
    }
    storedEntries = newEntries;
    storedBytes = bytes;
  }

  /** What goes to log and memtable: the entries, those with large values replaced by handles. */
  public Entry[] storedEntries() {
    return storedEntries;
  }

  /** What the stored entries add to a memtable. */
  public long storedBytes() {
    return storedBytes;
  }

  public long version() {
    return version;
  }

  /** The commit's tick. */
  public long timeMillis() {
    return timeMillis;
  }

  public CommitOrigin origin() {
    return origin;
  }

  public Durability durability() {
    return durability;
  }

  /** What the storage has attached to the commit. */
  public @Nullable Object attachment() {
    return attachment;
  }

  public void attach(Object newAttachment) {
    attachment = newAttachment;
  }
}

package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Slice;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.StoreProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store with one seeded bug, to prove that the checker of histories would find it. */
final class MutantStore extends LocalStore {
  /** What is broken. */
  enum Bug {
    NONE,
    SKIP_VALIDATION,
    SKIP_VALIDATION_OF_RENEWALS,
    PRUNE_THE_WINDOW_EARLY,
    IGNORE_READS,
    IGNORE_THE_EXPIRY_OF_READS,
    IGNORE_GUARDS,
    IGNORE_LOCKS,
    IGNORE_RANGE_CLAIMS,
    IGNORE_REQUIREMENTS,
    TAKE_MERGES_FOR_WRITES,
    PUBLISH_BEFORE_APPLY,
    EXPIRE_BY_THE_WRONG_CLOCK,
    DROP_TOMBSTONES_EARLY,
    DROP_RANGE_TOMBSTONES_EARLY,
    HIDE_POINTS_BY_THE_RANGE_TOMBSTONE_OF_THEIR_COMMIT,
    COLLECT_PAST_THE_HORIZON,
    FOLD_PAST_THE_HISTORY,
    EXPIRE_PAST_THE_HISTORY
  }

  private MutantStore(EngineContext context, Storage storage, CommitPipeline pipeline) {
    super(context, storage, pipeline);
  }

  static MutantStore open(StoreOptions options, Bug bug) {
    EngineContext context = new EngineContext(options, 0, 0);
    Storage storage = new MutantStorage(context, bug);
    return new MutantStore(context, storage, new MutantPipeline(context, storage, bug));
  }

  private static final class MutantPipeline extends CommitPipeline {
    private final Bug bug;

    MutantPipeline(EngineContext context, Storage storage, Bug bug) {
      super(
          context,
          storage,
          bug == Bug.PRUNE_THE_WINDOW_EARLY
              ? new ForgetfulWindow()
              : new CommitWindow(0, Long.MAX_VALUE));
      this.bug = bug;
    }

    @Override
    boolean enter(Commit commit, long readExpiryMillis) {
      boolean ignored = bug == Bug.IGNORE_THE_EXPIRY_OF_READS;
      return super.enter(commit, ignored ? Limits.NO_EXPIRY : readExpiryMillis);
    }

    @Override
    void validateFrom(long since, Function<Claims, @Nullable Object> claims) {
      if (bug != Bug.SKIP_VALIDATION_OF_RENEWALS) {
        super.validateFrom(since, claims);
      }
    }

    @Override
    long commit(Commit commit, long since, @Nullable ReadSet reads) {
      Claims claims = commit.claims();
      Claims changed =
          switch (bug) {
            case IGNORE_GUARDS -> withoutMode(claims, Claims.GUARD);
            case IGNORE_LOCKS -> withoutMode(claims, Claims.LOCK);
            case IGNORE_RANGE_CLAIMS ->
                new Claims(claims.keys(), claims.modes(), Claims.NO_RANGES, claims.requiredKeys());
            case IGNORE_REQUIREMENTS ->
                new Claims(claims.keys(), claims.modes(), claims.ranges(), Claims.NO_KEYS);
            case TAKE_MERGES_FOR_WRITES -> exclusiveMerges(claims);
            default -> claims;
          };
      return super.commit(
          new Commit(
              commit.deletedRanges(),
              commit.entries(),
              changed,
              commit.origin(),
              commit.durability()),
          bug == Bug.SKIP_VALIDATION ? Long.MAX_VALUE : since,
          bug == Bug.IGNORE_READS ? null : reads);
    }

    private static Claims withoutMode(Claims claims, byte mode) {
      List<byte[]> keys = new ArrayList<>();
      List<Byte> modes = new ArrayList<>();
      for (int i = 0; i < claims.keys().length; i++) {
        if (claims.modes()[i] != mode) {
          keys.add(claims.keys()[i]);
          modes.add(claims.modes()[i]);
        }
      }
      byte[] kept = new byte[modes.size()];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = modes.get(i);
      }
      return new Claims(keys.toArray(byte[][]::new), kept, claims.ranges(), claims.requiredKeys());
    }

    private static Claims exclusiveMerges(Claims claims) {
      byte[] modes = claims.modes().clone();
      for (int i = 0; i < modes.length; i++) {
        modes[i] = modes[i] == Claims.MERGE ? Claims.WRITE : modes[i];
      }
      return new Claims(claims.keys(), modes, claims.ranges(), claims.requiredKeys());
    }
  }

  /** Forgets what open transactions still have to be validated against, and lets them pass. */
  private static final class ForgetfulWindow extends CommitWindow {
    ForgetfulWindow() {
      super(0, Long.MAX_VALUE);
    }

    @Override
    boolean isPruningDue() {
      return true;
    }

    @Override
    void prune(long oldestView, long published) {
      super.prune(published, published);
    }

    @Override
    void checkFloor(Validated validated) {}
  }

  private static final class MutantStorage implements Storage {
    private final EngineContext context;
    private final Bug bug;
    private volatile Memtable memtable = new Memtable();

    /** What was committed last, if the bug is to apply it late. */
    private Memtable late = new Memtable();

    MutantStorage(EngineContext context, Bug bug) {
      this.context = context;
      this.bug = bug;
    }

    @Override
    public StoreProperties properties() {
      return new StoreProperties("mutant", false, true, true, true, true);
    }

    @Override
    public void find(byte[] key, long version, PointLookup lookup) {
      try (EntryCursor cursor = cursor(KeyRange.all())) {
        List<RangeTombstones> tombstones = new ArrayList<>();
        cursor.addTombstones(tombstones);
        tombstones.forEach(deleted -> lookup.cover(deleted.newest(key, version)));
        boolean valid = cursor.seek(key, version);
        while (valid && cursor.key().compareTo(key) == 0) {
          byte[] value = cursor.value().toByteArray();
          boolean decided =
              lookup.offer(
                  cursor.kind(),
                  cursor.version(),
                  cursor.operatorId(),
                  cursor.expiryMillis(),
                  value,
                  0,
                  value.length);
          valid = !decided && cursor.next();
        }
      }
    }

    @Override
    public EntryCursor cursor(KeyRange range) {
      EntryCursor cursor = memtable.cursor();
      return switch (bug) {
        case EXPIRE_BY_THE_WRONG_CLOCK ->
            new FilteredEntryCursor(cursor, entry -> true) {
              @Override
              public long expiryMillis() {
                long expiry = super.expiryMillis();
                return expiry <= context.ticks().nextMillis() ? Long.MIN_VALUE : expiry;
              }
            };
        case DROP_TOMBSTONES_EARLY ->
            new FilteredEntryCursor(
                cursor,
                entry ->
                    entry.kind() != EntryKind.DELETE
                        || entry.version() > context.publishedVersion() - 5);
        case HIDE_POINTS_BY_THE_RANGE_TOMBSTONE_OF_THEIR_COMMIT ->
            new FilteredEntryCursor(cursor, entry -> !isDeletedAt(entry.version(), entry.key()));
        default -> cursor;
      };
    }

    private boolean isDeletedAt(long version, Slice key) {
      RangeTombstones deleted = memtable.tombstones();
      return deleted != null && deleted.newest(key.toByteArray(), version) == version;
    }

    @Override
    public long maxTransactionBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public Memtable enqueue(Commit commit) {
      if (bug != Bug.PUBLISH_BEFORE_APPLY) {
        return memtable;
      }
      try (EntryCursor cursor = late.cursor()) {
        for (boolean valid = cursor.seekToFirst(); valid; valid = cursor.next()) {
          memtable.insert(copy(cursor).withVersion(cursor.version()));
        }
      }
      RangeTombstones deleted = late.tombstones();
      if (deleted != null) {
        memtable.addTombstones(deleted);
      }
      late = new Memtable();
      return late;
    }

    private static Entry copy(EntryCursor cursor) {
      byte[] key = cursor.key().toByteArray();
      byte[] value = cursor.value().toByteArray();
      return switch (cursor.kind()) {
        case PUT -> Entry.put(key, value, cursor.expiryMillis());
        case DELETE -> Entry.delete(key);
        case MERGE -> Entry.merge(key, value, cursor.operatorId());
        case BLOB -> Entry.blob(key, value, cursor.expiryMillis());
      };
    }

    @Override
    public void awaitDurable(Commit commit) {}

    @Override
    public void published(Commit commit) {
      Horizon now = new Horizon(context.publishedVersion(), context.ticks().nextMillis());
      switch (bug) {
        case NONE, DROP_RANGE_TOMBSTONES_EARLY -> collect(context.horizons());
        case COLLECT_PAST_THE_HORIZON -> collect(Horizons.everywhere(now));
        case FOLD_PAST_THE_HISTORY -> collect(Horizons.everywhere(context.views().horizon()));
        case EXPIRE_PAST_THE_HISTORY -> {
          Horizon expired = new Horizon(Long.MIN_VALUE, now.instantMillis());
          collect(context.horizons().advancedTo(Horizons.everywhere(expired)));
        }
        default -> {}
      }
    }

    private void collect(Horizons horizons) {
      Memtable kept = new Memtable();
      Memtable.Filler filler = kept.filler();
      try (EntryCursor cursor = memtable.cursor()) {
        Retention retention = new Retention(horizons, context.operators(), key -> true, cursor);
        RangeTombstones deleted = retention.keptTombstones(range -> true);
        if (deleted != null && bug != Bug.DROP_RANGE_TOMBSTONES_EARLY) {
          kept.addTombstones(deleted);
        }
        for (boolean more = cursor.seekToFirst(); more; more = cursor.isValid()) {
          retention.keepKey(cursor, filler);
        }
      }
      filler.finishKey();
      memtable = kept;
    }

    @Override
    public void setPolicy(KeyRange range, RangePolicy policy) {
      context.policies().set(range, policy);
    }

    @Override
    public void dropRange(KeyRange range) {
      throw new IllegalStateException("not tried here");
    }

    @Override
    public void checkpoint(Path directory) {
      throw new IllegalStateException("not tried here");
    }

    @Override
    public RangeStatistics statistics(KeyRange range) {
      return memtable.statistics(range);
    }

    @Override
    public void close() {}
  }
}

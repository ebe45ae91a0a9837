package io.ppdb.kv.engine;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreProperties;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.WriteBatch;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose commits are ordered in this process, over some {@link Storage}.
 *
 * <p>Wires the parts: views over the storage's cursors, transactions over the views, one {@link
 * CommitPipeline}. An engine's public store class extends it with a constructor and what is its
 * own.
 */
public abstract class LocalStore extends EngineStore {
  private final EngineContext context;
  private final Storage storage;
  private final CommitPipeline pipeline;

  /** Null if there are no changes, or the storage reads them from its own log. */
  private final @Nullable ChangeLog changeLog;

  private volatile boolean closed;
  private final Object closeMonitor = new Object();

  protected LocalStore(EngineContext context, Storage storage) {
    this(context, storage, new CommitPipeline(context, storage));
  }

  /** Lets a test put a faulty pipeline in. */
  LocalStore(EngineContext context, Storage storage, CommitPipeline pipeline) {
    this.context = context;
    this.storage = storage;
    this.pipeline = pipeline;
    if (storage.properties().asOf() && !context.history().isKept()) {
      context.keepHistory();
    }
    this.changeLog =
        storage.properties().changes() && !storage.hasLog() ? context.keepChanges() : null;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    checkOpen();
    Limits.checkNotNull(key, "key");
    while (true) {
      PointLookup lookup = new PointLookup(context.operators(), context.ticks());
      long version = storage.findPublished(key, lookup);
      if (version == Storage.NEEDS_VIEW) {
        return super.get(key);
      }
      // Found expired, by a time that came after the version: it may have been replaced between
      // the two, and then the key was never absent.
      if (!lookup.sawExpired() || context.publishedVersion() == version) {
        return lookup.value();
      }
    }
  }

  @Override
  public Snapshot snapshotAt(long version) {
    checkOpen();
    checkAsOf();
    checkVersion(version);
    return new EngineSnapshot(this, context.history().register(version));
  }

  @Override
  public Snapshot snapshotAt(Instant instant) {
    checkOpen();
    Limits.checkNotNull(instant, "instant");
    checkAsOf();
    long nowMillis = context.ticks().nextMillis();
    if (instant.isAfter(Instant.ofEpochMilli(nowMillis))) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "instant " + instant + " is after the store's, " + Instant.ofEpochMilli(nowMillis));
    }
    boolean isRepresentable = instant.isAfter(Instant.ofEpochMilli(Long.MIN_VALUE));
    long millis = isRepresentable ? instant.toEpochMilli() : Long.MIN_VALUE;
    if (millis < nowMillis) {
      // What is published later must not belong to that instant.
      pipeline.awaitPublished(millis);
    }
    return new EngineSnapshot(this, context.history().registerAt(millis));
  }

  private void checkVersion(long version) {
    long published = context.publishedVersion();
    if (version < 0 || version > published) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "version " + version + " is not between 0 and the newest, " + published);
    }
  }

  private void checkAsOf() {
    if (!storage.properties().asOf()) {
      throw notSupported("a snapshot of the past");
    }
  }

  @Override
  public ChangeCursor changes(long fromVersion) {
    checkOpen();
    if (!storage.properties().changes()) {
      throw notSupported("the change log");
    }
    checkVersion(fromVersion);
    ChangeLog log = changeLog;
    return log == null ? storage.changes(fromVersion) : new LogCursor(this, log, fromVersion);
  }

  @Override
  public long write(WriteBatch batch, Durability durability) {
    checkOpen();
    Limits.checkNotNull(batch, "batch");
    Limits.checkNotNull(durability, "durability");
    if (batch.isEmpty()) {
      return context.publishedVersion();
    }
    PolicyMap policies = context.policies();
    checkBatch(policies, batch);
    return pipeline.commitBlind(commitOf(policies, batch, durability), batch.requirements());
  }

  @Override
  public BulkLoad bulkLoad() {
    checkOpen();
    return new LocalBulkLoad(this);
  }

  @Override
  public void setPolicy(KeyRange range, RangePolicy policy) {
    checkOpen();
    Limits.checkNotNull(range, "range");
    Limits.checkNotNull(policy, "policy");
    context.checkWritable();
    storage.setPolicy(range, policy);
  }

  @Override
  public RangePolicy policy(byte[] key) {
    checkOpen();
    Limits.checkNotNull(key, "key");
    return context.policies().get(key);
  }

  @Override
  public void dropRange(KeyRange range) {
    checkOpen();
    Limits.checkNotNull(range, "range");
    context.checkWritable();
    // Durable with what is dropped: after a crash no view finds an empty range that was not.
    context.history().forget(range, pipeline.changeOutside());
    storage.dropRange(range);
    // A view of a version that was published meanwhile may have seen what was there.
    context.history().forget(range, pipeline.changeOutside());
  }

  @Override
  public void checkpoint(Path directory) {
    checkOpen();
    Limits.checkNotNull(directory, "directory");
    storage.checkpoint(directory);
  }

  @Override
  public RangeStatistics statistics(KeyRange range) {
    checkOpen();
    Limits.checkNotNull(range, "range");
    return storage.statistics(range);
  }

  @Override
  public StoreProperties properties() {
    return storage.properties();
  }

  /** Lets commits under way finish; every later call, of open views too, answers CLOSED. */
  @Override
  public void close() {
    synchronized (closeMonitor) {
      if (!closed) {
        pipeline.close();
        closed = true;
        storage.close();
      }
    }
  }

  /**
   * Deletes keys as background work that gives way: nothing is deleted if a user has changed one of
   * the keys since {@code choice} was asked for them, and no user ever conflicts with it.
   *
   * @return whether anything was deleted
   */
  protected final boolean sweep(Supplier<? extends Collection<byte[]>> choice) {
    Views.Registration view = register();
    try {
      Entry[] entries =
          choice.get().stream()
              .sorted(Arrays::compareUnsigned)
              .map(Entry::delete)
              .toArray(Entry[]::new);
      if (entries.length == 0) {
        return false;
      }
      pipeline.commit(Commit.sweep(entries), view.version, null);
      return true;
    } catch (PpdbException e) {
      if (e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.CLOSED) {
        return false;
      }
      throw e;
    } finally {
      release(view);
    }
  }

  @Override
  protected final void checkOpen() {
    if (closed) {
      throw closed();
    }
  }

  protected final EngineContext context() {
    return context;
  }

  static PpdbException closed() {
    return new PpdbException(ErrorCode.CLOSED, "the store is closed");
  }

  Storage storage() {
    return storage;
  }

  History history() {
    return context.history();
  }

  @Override
  protected final OperatorRegistry operators() {
    return context.operators();
  }

  @Override
  protected final long nowMillis() {
    return context.ticks().nextMillis();
  }

  @Override
  protected final PolicyMap policies(StoreView view) {
    return context.policies();
  }

  @Override
  protected final TransactionSpace space() {
    return storage;
  }

  @Override
  protected final StoreView openView() {
    return register();
  }

  @Override
  protected final void closeView(StoreView view) {
    release((Views.Registration) view);
  }

  @Override
  protected final byte @Nullable [] get(StoreView view, byte[] key) {
    return lookUp((Views.Registration) view, key).value();
  }

  @Override
  final byte @Nullable [] getRecorded(StoreView view, byte[] key, ReadSet reads) {
    PointLookup lookup = lookUp((Views.Registration) view, key);
    byte[] value = lookup.value();
    reads.add(key);
    reads.sawExpiry(lookup.expiryMillis());
    return value;
  }

  @Override
  final boolean isUnchanged(StoreView view, byte[] key, long version) {
    // What a view of the past may still read is to be asked of its entries.
    return !((Views.Registration) view).past
        && pipeline.isUnchangedSince(key, Math.min(version, view.version()));
  }

  @Override
  protected final @Nullable ValueLease lease(StoreView view, byte[] key) {
    Views.Registration registration = (Views.Registration) view;
    history().check(key, registration);
    PointLookup lookup = new PointLookup(operators(), registration.instantMillis);
    return storage.lease(key, registration.version, lookup);
  }

  /** What decides the value of {@code key}. */
  private PointLookup lookUp(Views.Registration view, byte[] key) {
    history().check(key, view);
    PointLookup lookup = new PointLookup(operators(), view.instantMillis);
    storage.find(key, view.version, lookup);
    return lookup;
  }

  @Override
  protected final OrderedCursor scan(StoreView view, KeyRange range, ScanOptions options) {
    Views.Registration registration = (Views.Registration) view;
    history().check(range, registration);
    return new VisibleCursor(
        storage.cursor(range),
        range,
        registration.version,
        registration.instantMillis,
        options.keysOnly(),
        operators(),
        registration.past ? null : new GapWalk(pipeline.gaps(), registration.version));
  }

  @Override
  final StoreView renew(StoreView view, Function<Claims, @Nullable Object> claims) {
    StoreView renewed = openView();
    boolean isNewer = renewed.version() > view.version();
    try {
      if (isNewer) {
        pipeline.validateFrom(view.version(), claims);
      }
    } catch (RuntimeException | Error e) {
      closeView(renewed);
      throw e;
    }
    if (!isNewer) {
      closeView(renewed);
    }
    return isNewer ? renewed : view;
  }

  @Override
  final boolean isOutdated(StoreView view, byte[] key) {
    return pipeline.isOutdated(key, view.version());
  }

  @Override
  protected final long commit(Commit commit, StoreView view) {
    commit.view = (Views.Registration) view;
    return pipeline.commit(commit, view.version(), commit.reads);
  }

  CommitPipeline pipeline() {
    return pipeline;
  }

  Views.Registration register() {
    return context.views().register();
  }

  void release(Views.Registration registration) {
    context.views().release(registration);
    if (!closed) {
      storage.viewClosed();
    }
  }
}

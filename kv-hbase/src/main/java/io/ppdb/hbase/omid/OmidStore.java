package io.ppdb.hbase.omid;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.StoreProperties;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.WriteBatch.Requirement;
import io.ppdb.kv.engine.Claims;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineStore;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.OrderedCursor;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.engine.StoreView;
import io.ppdb.kv.engine.TransactionSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.filter.FirstKeyOnlyFilter;
import org.apache.omid.transaction.HBaseTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A store on a cluster, seen through this gateway. How each part of the contract is kept: {@code
 * docs/design/distributed.md}. Thread-safe.
 */
final class OmidStore extends EngineStore {
  private static final StoreProperties PROPERTIES =
      new StoreProperties("hbase", true, false, false, true, true);

  /** The most that one transaction may hold in memory, and so write. */
  static final long MAX_TRANSACTION_BYTES = 64 << 20;

  private static final int DROPPED_ROWS_PER_CALL = 1_000;

  /** Between two tries of a batch. */
  private static final long MIN_PAUSE_NANOS = 100_000;

  private static final int MAX_PAUSE_DOUBLINGS = 9;

  /** A batch that the oracle refuses so often is one that it cannot take. */
  private static final int MAX_RETRIES = 64;

  /** Of the keys of a transaction that was refused, to say which one it was. */
  private static final int KEYS_LOOKED_AT = 16;

  private static final TransactionSpace SPACE = () -> MAX_TRANSACTION_BYTES;

  private final OmidConnection connection;
  private final StoreTables tables;
  private final StoreTime time;
  private final OperatorRegistry operators;
  private final StorePolicies policies;
  private final Committer committer;
  private final KeyChanges changes;
  private final RangeEstimates estimates;
  private final Folder folder = new Folder(this::fold);
  private final LogRetention retention;
  private volatile boolean closed;

  OmidStore(OmidConnection connection, String name, StoreOptions options) {
    this.connection = connection;
    this.tables = new StoreTables(name);
    this.time = new StoreTime(options.clock());
    this.operators = new OperatorRegistry(options.mergeOperators());
    byte[] store = name.getBytes(StandardCharsets.UTF_8);
    int firstSlot = ThreadLocalRandom.current().nextInt(ClaimNumbers.RANGE_SLOTS);
    this.committer =
        new Committer(connection, tables, store, new Slots(ClaimNumbers.RANGE_SLOTS, firstSlot));
    this.policies = new StorePolicies(connection, tables.meta());
    this.changes = new KeyChanges(connection, tables.data());
    this.estimates = new RangeEstimates(connection, tables.data());
    this.retention = new LogRetention(connection, tables, committer, this::openView);
  }

  @Override
  public Transaction begin(TransactionOptions transactionOptions) {
    checkOpen();
    Limits.checkNotNull(transactionOptions, "options");
    if (transactionOptions.isolation() == Isolation.SERIALIZABLE) {
      throw notSupported("SERIALIZABLE");
    }
    return super.begin(transactionOptions);
  }

  @Override
  protected void checkOpen() {
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the store is closed");
    }
  }

  @Override
  protected OperatorRegistry operators() {
    return operators;
  }

  @Override
  protected long nowMillis() {
    return time.nowMillis();
  }

  @Override
  protected TransactionSpace space() {
    return SPACE;
  }

  @Override
  protected OmidView openView() {
    return new OmidView(connection.begin(), connection, policies, time);
  }

  @Override
  protected void closeView(StoreView view) {
    // Omid's transactions that have written nothing end by themselves.
  }

  @Override
  protected PolicyMap policies(StoreView view) {
    return ((OmidView) view).policies();
  }

  @Override
  protected byte @Nullable [] get(StoreView view, byte[] key) {
    OmidView own = (OmidView) view;
    Result row = connection.get(own.transaction(), tables.data(), RowLayout.row(key));
    own.checkIntact();
    if (row.isEmpty()) {
      return null;
    }
    RowLayout.Visible entry = reader(own, false).read(row);
    return entry == null ? null : entry.value();
  }

  @Override
  protected List<byte @Nullable []> getAll(StoreView view, List<byte[]> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    OmidView own = (OmidView) view;
    RowReader reader = reader(own, false);
    TreeSet<byte[]> sorted = new TreeSet<>(Arrays::compareUnsigned);
    sorted.addAll(keys);
    Map<ByteBuffer, byte[]> found = new HashMap<>();
    try (ResultScanner rows =
        connection.scan(own.transaction(), tables.data(), RowScan.of(new ArrayList<>(sorted)))) {
      for (Result row = rows.next(); row != null; row = rows.next()) {
        RowLayout.Visible entry = row.isEmpty() ? null : reader.read(row);
        if (entry != null) {
          found.put(ByteBuffer.wrap(entry.key()), entry.value());
        }
      }
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot read " + keys.size() + " keys", e);
    }
    own.checkIntact();
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      byte[] value = found.get(ByteBuffer.wrap(key));
      values.add(value == null ? null : value.clone());
    }
    return values;
  }

  @Override
  protected OrderedCursor scan(StoreView view, KeyRange range, ScanOptions scanOptions) {
    OmidView own = (OmidView) view;
    return new RowCursor(
        scan -> connection.scan(own.transaction(), tables.data(), scan),
        own::checkIntact,
        reader(own, scanOptions.keysOnly()),
        range,
        scanOptions);
  }

  private RowReader reader(OmidView view, boolean keysOnly) {
    return new RowReader(operators, view.instantMillis(), keysOnly, folder::ask);
  }

  private void fold(byte[] key) {
    OmidView view = openView();
    Result row = connection.get(view.transaction(), tables.data(), RowLayout.row(key));
    RowLayout.Visible entry = RowReader.hasManyOperands(row) ? reader(view, false).read(row) : null;
    if (entry != null) {
      committer.commitFolded(key, entry.value(), row, view);
    }
  }

  @Override
  protected long commit(Commit commit, StoreView view) {
    byte[][] requiredKeys = commit.claims().requiredKeys();
    try {
      long version = committer.commit(commit, requiredKeys, (OmidView) view);
      retention.committed();
      return version;
    } catch (PpdbException e) {
      throw e.code() == ErrorCode.CONFLICT ? withKey(e, commit.claims(), (OmidView) view) : e;
    }
  }

  /** A conflict that names the key, if one of the first ones was changed or locked. */
  private PpdbException withKey(PpdbException conflict, Claims claims, OmidView view) {
    List<byte[]> keys =
        Stream.of(claims.keys(), claims.requiredKeys())
            .flatMap(Arrays::stream)
            .limit(KEYS_LOOKED_AT)
            .toList();
    byte[] changed = changes.firstChangedSince(view.version(), keys);
    return changed == null
        ? conflict
        : new PpdbException(
            ErrorCode.CONFLICT,
            "key "
                + HexFormat.of().formatHex(changed)
                + " was changed or locked by a commit after version "
                + view.version()
                + ", at which the transaction began",
            conflict);
  }

  @Override
  public long write(WriteBatch batch, Durability durability) {
    checkOpen();
    Limits.checkNotNull(batch, "batch");
    Limits.checkNotNull(durability, "durability");
    if (batch.isEmpty()) {
      return openView().version();
    }
    // What is unchanged so far must stay so until the commit.
    byte[][] requiredKeys =
        batch.requirements().stream().map(Requirement::key).toArray(byte[][]::new);
    return untilCommitted(
        view -> {
          checkBatch(view.policies(), batch);
          checkRequirements(batch.requirements(), view);
        },
        view -> committer.commit(commitOf(view.policies(), batch, durability), requiredKeys, view));
  }

  /**
   * Omid knows no blind writes: a transaction that is tried until it commits.
   *
   * @param check whose failure is one
   */
  private long untilCommitted(Consumer<OmidView> check, ToLongFunction<OmidView> commit) {
    for (int attempt = 0; ; attempt++) {
      OmidView view = openView();
      check.accept(view);
      try {
        long version = commit.applyAsLong(view);
        retention.committed();
        return version;
      } catch (PpdbException e) {
        if (e.code() != ErrorCode.CONFLICT || attempt == MAX_RETRIES) {
          throw e;
        }
        checkOpen();
        LockSupport.parkNanos(pauseNanos(attempt));
      }
    }
  }

  private static long pauseNanos(int attempt) {
    long most = MIN_PAUSE_NANOS << Math.min(attempt, MAX_PAUSE_DOUBLINGS);
    return ThreadLocalRandom.current().nextLong(most);
  }

  private void checkRequirements(List<Requirement> requirements, OmidView view) {
    for (Requirement requirement : requirements) {
      if (changes.isChanged(requirement.key(), requirement.sinceVersion(), view)) {
        throw new PpdbException(
            ErrorCode.CONFLICT,
            "a key that the batch requires unchanged since version "
                + requirement.sinceVersion()
                + " has been changed or locked, or may have been");
      }
    }
  }

  @Override
  public BulkLoad bulkLoad() {
    checkOpen();
    return new OmidBulkLoad(this);
  }

  /** The policies as they are now. */
  PolicyMap policies() {
    return openView().policies();
  }

  /** Fails unless {@code known} policies allow a put into {@code key} that expires so. */
  void checkPut(PolicyMap known, byte[] key, long expiryMillis) {
    checkExpiry(known, key, expiryMillis);
  }

  @Override
  public Snapshot snapshotAt(long version) {
    checkOpen();
    throw notSupported("a snapshot of the past");
  }

  @Override
  public Snapshot snapshotAt(Instant instant) {
    checkOpen();
    throw notSupported("a snapshot of the past");
  }

  @Override
  public ChangeCursor changes(long fromVersion) {
    checkOpen();
    OmidView view = openView();
    if (fromVersion < 0 || fromVersion > view.version()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "version " + fromVersion + " is not published: the newest is " + view.version());
    }
    retention.check(fromVersion, view.transaction());
    return new OmidChanges(
        connection, tables.data(), operators, this::openViewOfOpen, retention, fromVersion);
  }

  private OmidView openViewOfOpen() {
    checkOpen();
    return openView();
  }

  @Override
  public void setPolicy(KeyRange range, RangePolicy policy) {
    checkOpen();
    Limits.checkNotNull(range, "range");
    Limits.checkNotNull(policy, "policy");
    PolicyChange change = new PolicyChange(policies, range, policy);
    if (!change.isNeeded(openView().transaction())) {
      return;
    }
    do {
      long announced = untilCommitted(change::announce);
      awaitVersion(announced + StorePolicies.KEPT);
      untilCommitted(change::make);
    } while (!change.isMade());
  }

  private long untilCommitted(BiConsumer<HBaseTransaction, ClaimNumbers> work) {
    return untilCommitted(
        view -> {},
        view -> committer.commit(view, numbers -> work.accept(view.transaction(), numbers)));
  }

  /** Waits until transactions that begin have at least {@code version}. */
  private void awaitVersion(long version) {
    for (long now = openViewOfOpen().version(); now < version; now = openViewOfOpen().version()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(OmidView.millis(version - now) + 1));
    }
  }

  /** Takes away what gateways have left behind that ended in the midst of a change of policies. */
  void tidy() {
    OmidView view = openView();
    PolicyMarks marks = policies.marksSeenBy(view.transaction());
    if (!marks.equals(marks.alive(view.version()))) {
      untilCommitted(this::dropDeadMarks);
    }
  }

  private void dropDeadMarks(HBaseTransaction transaction, ClaimNumbers numbers) {
    numbers.addPolicies();
    PolicyMarks marks = policies.marksSeenBy(transaction);
    policies.writeMarks(transaction, marks.alive(transaction.getStartTimestamp()));
  }

  @Override
  public RangePolicy policy(byte[] key) {
    checkOpen();
    Limits.checkNotNull(key, "key");
    return policies().get(key);
  }

  /** Deletes for good, in one sweep over the rows. */
  @Override
  public void dropRange(KeyRange range) {
    checkOpen();
    Limits.checkNotNull(range, "range");
    if (range.isEmpty()) {
      return;
    }
    long now = openView().version();
    Scan rows =
        new Scan()
            .addFamily(StoreTables.FAMILY)
            .setFilter(new FirstKeyOnlyFilter())
            .setCaching(DROPPED_ROWS_PER_CALL)
            .withStartRow(RowLayout.row(range.start()))
            .withStopRow(RowLayout.endRow(range));
    try (Table table = connection.table(tables.data());
        ResultScanner scanner = table.getScanner(rows)) {
      List<Delete> deletions = new ArrayList<>();
      for (Result row = scanner.next(); row != null; row = scanner.next()) {
        deletions.add(new Delete(row.getRow(), now));
        if (deletions.size() == DROPPED_ROWS_PER_CALL) {
          table.delete(deletions);
          deletions = new ArrayList<>();
        }
      }
      table.delete(deletions);
    } catch (IOException e) {
      throw OmidConnection.unavailable("cannot drop a range", e);
    }
  }

  @Override
  public void checkpoint(Path directory) {
    checkOpen();
    Limits.checkNotNull(directory, "directory");
    throw notSupported("checkpoints");
  }

  /** Counted or estimated: {@link RangeEstimates}. */
  @Override
  public RangeStatistics statistics(KeyRange range) {
    checkOpen();
    Limits.checkNotNull(range, "range");
    return estimates.of(range, scanOptions -> scan(openView(), range, scanOptions));
  }

  @Override
  public StoreProperties properties() {
    return PROPERTIES;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      folder.close();
      connection.close();
    }
  }
}

package io.ppdb.lsm.manifest;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.wal.KeptSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change of what the store consists of, made whole or not at all.
 *
 * <pre>
 * edit  = field …
 * field = tag u8 · content:
 *   1 next file number varint        2 version ceiling varint      3 tick millis varint
 *   4 table added: level u8 · number varint · size varint · properties (as in the table)
 *   5 table removed: number varint   6 WAL added: number varint    7 WAL removed: number varint
 *   8 policy: start sized · has end u8 · [end sized] · history millis varint · use u8 · placement u8
 *   9 the store was closed
 *  10 times of commits: a {@link CommitTimes}
 *  11 horizons: range count varint · (start sized · version varint · has instant u8
 *     · [instant varint]) …
 *  12 table added that has range tombstones: like 4
 *  13 WAL kept for changes: number varint · last version varint · last tick varint · end varint
 *  14 all changes after this version are in the log: varint
 *  15 table added that refers to blob files: like 4, then those
 *  16 policy: like 8, then the threshold of blobs in bytes varint
 *  17 table added of which garbage is forecast: like 15, then the forecast (as in the table)
 *  20 the one version of a table added before, whose file has none: number varint · version varint
 *  23 policy: like 8, then the threshold varint, 0 for the store's · codec u8
 *     · default expiry millis varint, 0 for never
 *  24 identity of the log: 16 bytes
 *  25 checkpoint of a log: identity 16 bytes · version of its last commit in the tables varint
 *  26 policy of a range with shared claims: like 23
 * </pre>
 *
 * Removals count before additions, so that one edit can move a table. Not thread-safe.
 */
public final class ManifestEdit {
  private static final int NEXT_FILE_NUMBER = 1;
  private static final int VERSION_CEILING = 2;
  private static final int TICK = 3;
  private static final int TABLE_ADDED = 4;
  private static final int TABLE_REMOVED = 5;
  private static final int WAL_ADDED = 6;
  private static final int WAL_REMOVED = 7;
  private static final int POLICY = 8;
  private static final int CLOSED = 9;
  private static final int TIMES = 10;
  private static final int HORIZONS = 11;
  private static final int TABLE_WITH_TOMBSTONES_ADDED = 12;
  private static final int WAL_KEPT = 13;
  private static final int CHANGES_FROM = 14;
  private static final int TABLE_WITH_BLOBS_ADDED = 15;
  private static final int BLOB_POLICY = 16;
  private static final int TABLE_WITH_FORECAST_ADDED = 17;
  private static final int GLOBAL_VERSION = 20;
  private static final int FULL_POLICY = 23;
  private static final int LOG_ID = 24;
  private static final int CHECKPOINT = 25;
  private static final int SHARED_POLICY = 26;

  private static final int MAX_LEVEL = 15;

  private static final RangePolicy.Use[] USES = {
    RangePolicy.Use.PLAIN, RangePolicy.Use.MERGEABLE, RangePolicy.Use.EXPIRABLE
  };
  private static final RangePolicy.Placement[] PLACEMENTS = {
    RangePolicy.Placement.MEMORY, RangePolicy.Placement.DISK, RangePolicy.Placement.TIERED
  };
  private static final RangePolicy.Codec[] CODECS = {
    RangePolicy.Codec.STORE, RangePolicy.Codec.NONE, RangePolicy.Codec.LZ4, RangePolicy.Codec.ZSTD
  };

  // Numbers and ticks only rise; 0 says nothing.
  long nextFileNumber;
  long versionCeiling;
  long tickMillis;
  final List<TableMeta> addedTables = new ArrayList<>();
  final List<Long> removedTables = new ArrayList<>();
  final List<Long> addedWals = new ArrayList<>();
  final List<Long> removedWals = new ArrayList<>();
  final List<PolicyMap.Assignment> policies = new ArrayList<>();
  final List<CommitTimes> times = new ArrayList<>();
  @Nullable Horizons horizons;
  final List<KeptSegment> keptWals = new ArrayList<>();

  /** -1 says nothing. */
  long changesFrom = -1;

  /** Not both. */
  @Nullable UUID logId;

  @Nullable LogPosition checkpointOf;

  boolean closed;

  public ManifestEdit nextFileNumber(long number) {
    nextFileNumber = number;
    return this;
  }

  /** No version above this one was or will be handed out before a later edit raises it. */
  public ManifestEdit versionCeiling(long version) {
    versionCeiling = version;
    return this;
  }

  /** A tick at or above those of all commits in tables. */
  public ManifestEdit tickMillis(long millis) {
    tickMillis = Math.max(tickMillis, millis);
    return this;
  }

  public ManifestEdit addTable(TableMeta table) {
    addedTables.add(table);
    return this;
  }

  public ManifestEdit removeTable(long number) {
    removedTables.add(number);
    return this;
  }

  public ManifestEdit addWal(long number) {
    addedWals.add(number);
    return this;
  }

  public ManifestEdit removeWal(long number) {
    removedWals.add(number);
    return this;
  }

  /** Recovery needs the segment no more, but it stays for who reads changes. */
  public ManifestEdit keepWal(KeptSegment segment) {
    keptWals.add(segment);
    return this;
  }

  /** Gives up a segment that nothing but changes is read from: the log begins behind it. */
  public ManifestEdit dropWal(KeptSegment segment) {
    return removeWal(segment.number()).changesFrom(segment.lastVersion());
  }

  /** All commits after {@code version} are in the log, but not those before. */
  public ManifestEdit changesFrom(long version) {
    changesFrom = Math.max(changesFrom, version);
    return this;
  }

  /**
   * The commits of the store are those of log {@code id}; it is no checkpoint of another any more.
   */
  public ManifestEdit logId(UUID id) {
    logId = id;
    return this;
  }

  /** All commits up to {@code position} are in the tables, and no others. */
  public ManifestEdit checkpointOf(LogPosition position) {
    checkpointOf = position;
    return this;
  }

  public ManifestEdit policy(KeyRange range, RangePolicy policy) {
    policies.add(new PolicyMap.Assignment(range, policy));
    return this;
  }

  /** Adds to what is known of when versions were the newest. */
  public ManifestEdit times(List<CommitTimes> more) {
    times.addAll(more);
    return this;
  }

  /**
   * What the tables of this edit were written by, or what nobody may read below any more. The
   * store's time must not fall behind these instants again.
   */
  public ManifestEdit horizons(Horizons newHorizons) {
    horizons = newHorizons;
    return tickMillis(newHorizons.highestInstantMillis());
  }

  /** Marks a clean end: nothing was under way. */
  public ManifestEdit closed() {
    closed = true;
    return this;
  }

  public List<TableMeta> addedTables() {
    return addedTables;
  }

  public List<Long> removedTables() {
    return removedTables;
  }

  void write(ByteWriter writer) {
    writeNumber(writer, NEXT_FILE_NUMBER, nextFileNumber);
    writeNumber(writer, VERSION_CEILING, versionCeiling);
    writeNumber(writer, TICK, tickMillis);
    for (long number : removedTables) {
      writeNumber(writer, TABLE_REMOVED, number);
    }
    for (long number : removedWals) {
      writeNumber(writer, WAL_REMOVED, number);
    }
    for (TableMeta table : addedTables) {
      boolean hasTombstones = table.properties().deletedBounds() != null;
      boolean hasBlobs = !table.properties().blobs().isEmpty();
      boolean hasForecast = !table.properties().garbage().isNone();
      int withoutBlobs = hasTombstones ? TABLE_WITH_TOMBSTONES_ADDED : TABLE_ADDED;
      int withoutForecast = hasBlobs ? TABLE_WITH_BLOBS_ADDED : withoutBlobs;
      writer.putByte(hasForecast ? TABLE_WITH_FORECAST_ADDED : withoutForecast);
      writer.putByte(table.level());
      writer.putVarint(table.number());
      writer.putVarint(table.sizeInBytes());
      table.propertiesOfFile().write(writer);
      if (hasBlobs || hasForecast) {
        table.propertiesOfFile().writeBlobs(writer);
      }
      if (hasForecast) {
        table.properties().writeGarbage(writer);
      }
      if (table.globalVersion() != 0) {
        writer.putByte(GLOBAL_VERSION);
        writer.putVarint(table.number());
        writer.putVarint(table.globalVersion());
      }
    }
    for (long number : addedWals) {
      writeNumber(writer, WAL_ADDED, number);
    }
    for (PolicyMap.Assignment assignment : policies) {
      writePolicy(writer, assignment.range(), assignment.policy());
    }
    for (KeptSegment segment : keptWals) {
      writer.putByte(WAL_KEPT);
      writer.putVarint(segment.number());
      writer.putVarint(segment.lastVersion());
      writer.putVarint(segment.lastMillis());
      writer.putVarint(segment.endOffset());
    }
    if (changesFrom >= 0) {
      writer.putByte(CHANGES_FROM);
      writer.putVarint(changesFrom);
    }
    for (CommitTimes piece : times) {
      writer.putByte(TIMES);
      piece.write(writer);
    }
    if (horizons != null) {
      writeHorizons(writer, horizons);
    }
    if (logId != null) {
      writer.putByte(LOG_ID);
      writeId(writer, logId);
    }
    if (checkpointOf != null) {
      writer.putByte(CHECKPOINT);
      writeId(writer, checkpointOf.log());
      writer.putVarint(checkpointOf.version());
    }
    if (closed) {
      writer.putByte(CLOSED);
    }
  }

  private static void writeNumber(ByteWriter writer, int tag, long number) {
    if (number != 0) {
      writer.putByte(tag);
      writer.putVarint(number);
    }
  }

  /** The bytes in the order in which they are written as text. */
  private static void writeId(ByteWriter writer, UUID id) {
    writer.putLong(Long.reverseBytes(id.getMostSignificantBits()));
    writer.putLong(Long.reverseBytes(id.getLeastSignificantBits()));
  }

  private static UUID readId(ByteReader reader) {
    long most = Long.reverseBytes(reader.readLong());
    return new UUID(most, Long.reverseBytes(reader.readLong()));
  }

  private static void writePolicy(ByteWriter writer, KeyRange range, RangePolicy policy) {
    int tag = tagOf(policy);
    writer.putByte(tag);
    writer.putSized(range.start());
    byte[] end = range.end();
    writer.putByte(end == null ? 0 : 1);
    if (end != null) {
      writer.putSized(end);
    }
    writer.putVarint(policy.history().toMillis());
    writer.putByte(code(policy.use()));
    writer.putByte(code(policy.placement()));
    if (tag != POLICY) {
      writer.putVarint(policy.blobThresholdBytes());
    }
    if (isFull(tag)) {
      writer.putByte(code(policy.codec()));
      writer.putVarint(policy.defaultExpiry().toMillis());
    }
  }

  private static boolean isFull(int tag) {
    return tag == FULL_POLICY || tag == SHARED_POLICY;
  }

  /** The shortest field that says all of {@code policy}. */
  private static int tagOf(RangePolicy policy) {
    if (policy.claims() == RangePolicy.Claims.SHARED) {
      return SHARED_POLICY;
    }
    if (policy.codec() != RangePolicy.Codec.STORE || !policy.defaultExpiry().isZero()) {
      return FULL_POLICY;
    }
    boolean hasThreshold = policy.blobThresholdBytes() != RangePolicy.STORE_BLOB_THRESHOLD;
    return hasThreshold ? BLOB_POLICY : POLICY;
  }

  private static void writeHorizons(ByteWriter writer, Horizons horizons) {
    writer.putByte(HORIZONS);
    writer.putVarint(horizons.rangeCount());
    for (int i = 0; i < horizons.rangeCount(); i++) {
      Horizon horizon = horizons.horizon(i);
      boolean hasInstant = horizon.instantMillis() != Long.MIN_VALUE;
      writer.putSized(horizons.start(i));
      writer.putVarint(horizon.version());
      writer.putByte(hasInstant ? 1 : 0);
      if (hasInstant) {
        writer.putVarint(horizon.instantMillis());
      }
    }
  }

  static ManifestEdit read(ByteReader reader) {
    ManifestEdit edit = new ManifestEdit();
    while (reader.hasRemaining()) {
      int tag = reader.readByte();
      switch (tag) {
        case NEXT_FILE_NUMBER -> edit.nextFileNumber = reader.readVarint();
        case VERSION_CEILING -> edit.versionCeiling = reader.readVarint();
        case TICK -> edit.tickMillis = reader.readVarint();
        case TABLE_ADDED,
            TABLE_WITH_TOMBSTONES_ADDED,
            TABLE_WITH_BLOBS_ADDED,
            TABLE_WITH_FORECAST_ADDED ->
            edit.addTable(readTable(reader, tag));
        case TABLE_REMOVED -> edit.removeTable(reader.readVarint());
        case WAL_ADDED -> edit.addWal(reader.readVarint());
        case WAL_REMOVED -> edit.removeWal(reader.readVarint());
        case POLICY, BLOB_POLICY, FULL_POLICY, SHARED_POLICY ->
            edit.policies.add(readPolicy(reader, tag));
        case CLOSED -> edit.closed = true;
        case TIMES -> edit.times.add(CommitTimes.read(reader));
        case HORIZONS -> edit.horizons = readHorizons(reader);
        case WAL_KEPT ->
            edit.keptWals.add(
                new KeptSegment(
                    reader.readVarint(),
                    reader.readVarint(),
                    reader.readVarint(),
                    reader.readVarint()));
        case CHANGES_FROM -> edit.changesFrom = reader.readVarint();
        case GLOBAL_VERSION -> edit.readGlobalVersion(reader);
        case LOG_ID -> edit.logId = readId(reader);
        case CHECKPOINT -> edit.checkpointOf = new LogPosition(readId(reader), reader.readVarint());
        default -> throw reader.corrupt("field " + tag + ", expected 1 to " + CHECKPOINT);
      }
    }
    return edit;
  }

  private static TableMeta readTable(ByteReader reader, int tag) {
    int level = reader.readByte();
    if (level > MAX_LEVEL) {
      throw reader.corrupt("table in level " + level);
    }
    long number = reader.readVarint();
    long sizeInBytes = reader.readVarint();
    TableProperties properties = TableProperties.read(reader, tag != TABLE_ADDED);
    if (tag == TABLE_WITH_BLOBS_ADDED || tag == TABLE_WITH_FORECAST_ADDED) {
      properties = properties.withBlobs(reader);
    }
    if (tag == TABLE_WITH_FORECAST_ADDED) {
      properties = properties.withGarbage(reader);
    }
    return new TableMeta(number, level, sizeInBytes, properties);
  }

  /** The version of the table that was read last. */
  private void readGlobalVersion(ByteReader reader) {
    long number = reader.readVarint();
    long version = reader.readVarint();
    int last = addedTables.size() - 1;
    if (last < 0 || addedTables.get(last).number() != number || version <= 0) {
      throw reader.corrupt("version " + version + " of table " + number + ", not just added");
    }
    addedTables.set(last, addedTables.get(last).atVersion(version));
  }

  private static PolicyMap.Assignment readPolicy(ByteReader reader, int tag) {
    byte[] start = reader.readSized();
    byte[] end = reader.readByte() == 0 ? null : reader.readSized();
    long historyMillis = reader.readVarint();
    int use = reader.readByte();
    int placement = reader.readByte();
    if (use >= USES.length || placement >= PLACEMENTS.length || historyMillis < 0) {
      throw reader.corrupt(
          "policy with use " + use + ", placement " + placement + ", history " + historyMillis);
    }
    RangePolicy policy =
        new RangePolicy(Duration.ofMillis(historyMillis), USES[use], PLACEMENTS[placement]);
    return new PolicyMap.Assignment(
        KeyRange.between(start, end), tag == POLICY ? policy : readDetails(reader, tag, policy));
  }

  private static RangePolicy readDetails(ByteReader reader, int tag, RangePolicy policy) {
    int threshold = reader.readVarint(Integer.MAX_VALUE);
    int codec = isFull(tag) ? reader.readByte() : 0;
    long expiryMillis = isFull(tag) ? reader.readVarint() : 0;
    if (codec >= CODECS.length) {
      throw reader.corrupt("policy with codec " + codec);
    }
    try {
      return policy
          .withBlobThresholdBytes(threshold)
          .withCodec(CODECS[codec])
          .withDefaultExpiry(Duration.ofMillis(expiryMillis))
          .withClaims(
              tag == SHARED_POLICY ? RangePolicy.Claims.SHARED : RangePolicy.Claims.EXCLUSIVE);
    } catch (PpdbException e) {
      throw reader.corrupt("a policy that cannot be: " + e.getMessage());
    }
  }

  private static Horizons readHorizons(ByteReader reader) {
    int count = reader.readVarint(reader.remaining());
    byte[][] starts = new byte[count][];
    Horizon[] horizons = new Horizon[count];
    for (int i = 0; i < count; i++) {
      starts[i] = reader.readSized();
      if (i == 0 ? starts[0].length > 0 : Arrays.compareUnsigned(starts[i - 1], starts[i]) >= 0) {
        throw reader.corrupt("range " + i + " of horizons does not start where it should");
      }
      long version = reader.readVarint();
      horizons[i] =
          new Horizon(version, reader.readByte() == 0 ? Long.MIN_VALUE : reader.readVarint());
    }
    if (count == 0) {
      throw reader.corrupt("horizons of no range");
    }
    return Horizons.of(starts, horizons);
  }

  /** The persistent code of a use: its index in {@link #USES}. */
  private static int code(RangePolicy.Use use) {
    return switch (use) {
      case PLAIN -> 0;
      case MERGEABLE -> 1;
      case EXPIRABLE -> 2;
    };
  }

  /** The persistent code of a placement: its index in {@link #PLACEMENTS}. */
  private static int code(RangePolicy.Placement placement) {
    return switch (placement) {
      case MEMORY -> 0;
      case DISK -> 1;
      case TIERED -> 2;
    };
  }

  /** The persistent code of a codec: its index in {@link #CODECS}. */
  private static int code(RangePolicy.Codec codec) {
    return switch (codec) {
      case STORE -> 0;
      case NONE -> 1;
      case LZ4 -> 2;
      case ZSTD -> 3;
    };
  }
}

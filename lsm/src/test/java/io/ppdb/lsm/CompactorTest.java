package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.placement.EntryCache;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.tree.TableSource;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CompactorTest {
  /**
   * Else a clock that went back over a restart would bring views before the expiry of an entry that
   * is gone.
   */
  @Test
  void theInstantUpToWhichExpiredEntriesWereDroppedIsPersistent() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    AtomicLong clock = new AtomicLong(50);
    LsmOptions options =
        LsmOptions.of(StoreOptions.DEFAULT.withClock(() -> Instant.ofEpochMilli(clock.get())))
            .withVfs(disk);
    EngineContext context = new EngineContext(options.store(), 9, 0);
    context.keepHistory();
    context
        .policies()
        .set(
            KeyRange.all(),
            RangePolicy.DEFAULT.withUse(RangePolicy.Use.EXPIRABLE).withHistory(Duration.ZERO));
    LiveState live =
        new LiveState(
            Manifest.create(
                disk,
                MemDirectory.PATH,
                1,
                new ManifestState().after(new ManifestEdit().logId(UUID.randomUUID()))),
            new TableSource(
                disk,
                MemDirectory.PATH,
                new BlockCache(1 << 20),
                new BlobFiles(disk, MemDirectory.PATH)),
            new EntryCache(0),
            1 << 20);
    Memtable memtable = new Memtable();
    memtable.insert(Entry.put(new byte[] {1}, new byte[] {2}, 100).withVersion(3));
    ManifestEdit flush = new ManifestEdit();
    new Flusher(options, context, live).flush(memtable, flush);
    live.apply(flush);
    assertThat(live.peek().tree().tableCount(0)).isOne();
    clock.set(200);
    new Compactor(options, new WorkCounters(), context, live, () -> false).compactEverything();
    assertThat(live.peek().tree().tables()).as("the entry has expired").isEmpty();
    live.close(null);
    ManifestState state = Manifest.read(disk, MemDirectory.PATH);
    assertThat(state.tickMillis()).isGreaterThanOrEqualTo(200);
    Horizons horizons = Objects.requireNonNull(state.horizons());
    assertThat(horizons.of(new byte[] {1}).instantMillis()).isGreaterThanOrEqualTo(200);
  }
}

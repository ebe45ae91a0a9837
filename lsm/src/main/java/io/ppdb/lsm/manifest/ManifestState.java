package io.ppdb.lsm.manifest;

import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.wal.KeptSegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the edits of a manifest amount to. Not thread-safe. */
public final class ManifestState {
  private long nextFileNumber = 1;
  private long versionCeiling;
  private long tickMillis;
  private final TreeMap<Long, TableMeta> tables = new TreeMap<>();
  private final TreeSet<Long> wals = new TreeSet<>();
  private final PolicyMap policies = new PolicyMap();
  private final ArrayDeque<CommitTimes> times = new ArrayDeque<>();
  private @Nullable Horizons horizons;
  private final TreeMap<Long, KeptSegment> keptWals = new TreeMap<>();
  private long changesFrom = -1;
  private @Nullable UUID logId;
  private @Nullable LogPosition checkpointOf;
  private boolean closed;

  public long nextFileNumber() {
    return nextFileNumber;
  }

  public long versionCeiling() {
    return versionCeiling;
  }

  public long tickMillis() {
    return tickMillis;
  }

  /** The tables, by number. */
  public Collection<TableMeta> tables() {
    return Collections.unmodifiableCollection(tables.values());
  }

  /** The WAL segments that hold what is in no table, oldest first. */
  public SortedSet<Long> wals() {
    return Collections.unmodifiableSortedSet(wals);
  }

  /** The segments of the log, as they are now. */
  public LogFiles log() {
    return new LogFiles(changesFrom, List.copyOf(keptWals.values()), List.copyOf(wals));
  }

  /** Which log the commits are in; null if this is a checkpoint, or an older program's. */
  public @Nullable UUID logId() {
    return logId;
  }

  /** Which commits are in the tables of a checkpoint; null if this is none. */
  public @Nullable LogPosition checkpointOf() {
    return checkpointOf;
  }

  public PolicyMap policies() {
    return policies;
  }

  /** Which version was the newest when, as far back as it is known; null if nothing is. */
  public @Nullable TimeIndex times() {
    TimeIndex index = null;
    for (CommitTimes piece : times) {
      if (index == null) {
        index = new TimeIndex(piece.firstVersion(), piece.firstMillis());
      }
      TimeIndex all = index;
      piece.forEach(
          (version, millis) -> {
            if (version > all.lastVersion()) {
              all.append(version, millis);
            }
          });
    }
    return index;
  }

  /** The last version whose time is known; -1 if none is. */
  public long timesThrough() {
    CommitTimes last = times.peekLast();
    return last == null ? -1 : last.lastVersion();
  }

  /** What everything in the tables was kept by; null if a program wrote them that did not say. */
  public @Nullable Horizons horizons() {
    return horizons;
  }

  /** Whether the last edit closed the store. */
  public boolean isClosed() {
    return closed;
  }

  /** Applies an edit; one that does not fit is corruption of {@code file}. */
  void apply(ManifestEdit edit, Path file) {
    nextFileNumber = Math.max(nextFileNumber, edit.nextFileNumber);
    versionCeiling = edit.versionCeiling == 0 ? versionCeiling : edit.versionCeiling;
    tickMillis = Math.max(tickMillis, edit.tickMillis);
    for (long number : edit.removedTables) {
      if (tables.remove(number) == null) {
        throw new CorruptionException(file, "an edit removes table " + number + ", not there");
      }
    }
    for (long number : edit.removedWals) {
      if (!wals.remove(number) && keptWals.remove(number) == null) {
        throw new CorruptionException(file, "an edit removes WAL " + number + ", not there");
      }
    }
    for (TableMeta table : edit.addedTables) {
      if (tables.putIfAbsent(table.number(), table) != null) {
        throw new CorruptionException(file, "an edit adds table " + table.number() + " again");
      }
    }
    wals.addAll(edit.addedWals);
    for (KeptSegment segment : edit.keptWals) {
      wals.remove(segment.number());
      keptWals.put(segment.number(), segment);
    }
    changesFrom = Math.max(changesFrom, edit.changesFrom);
    for (PolicyMap.Assignment assignment : edit.policies) {
      policies.set(assignment.range(), assignment.policy());
    }
    applyPast(edit, file);
    if (edit.logId != null) {
      logId = edit.logId;
      checkpointOf = null;
    }
    if (edit.checkpointOf != null) {
      checkpointOf = edit.checkpointOf;
    }
    closed = edit.closed;
  }

  /** Horizons only advance, in whichever order edits come that were prepared side by side. */
  private void applyPast(ManifestEdit edit, Path file) {
    for (CommitTimes piece : edit.times) {
      CommitTimes last = times.peekLast();
      if (last != null
          && (piece.firstVersion() <= last.lastVersion()
              || piece.firstMillis() < last.lastMillis())) {
        throw new CorruptionException(
            file,
            "an edit adds times from version "
                + piece.firstVersion()
                + " behind those up to "
                + last.lastVersion());
      }
      times.add(piece);
      tickMillis = Math.max(tickMillis, piece.lastMillis());
    }
    if (edit.horizons != null) {
      horizons = horizons == null ? edit.horizons : horizons.advancedTo(edit.horizons);
    }
    if (horizons != null) {
      dropTimesBefore(horizons.lowestVersion());
    }
  }

  /** Drops the pieces that are not needed to tell the time of {@code version} and later ones. */
  private void dropTimesBefore(long version) {
    while (times.size() > 1) {
      CommitTimes first = times.removeFirst();
      if (times.getFirst().firstVersion() > version) {
        times.addFirst(first);
        return;
      }
    }
  }

  /** This state with one more edit; this one must not be used any more. */
  public ManifestState after(ManifestEdit edit) {
    apply(edit, Path.of(Manifest.CURRENT));
    return this;
  }

  /** One edit that makes this state out of nothing. */
  public ManifestEdit snapshot() {
    ManifestEdit edit =
        new ManifestEdit()
            .nextFileNumber(nextFileNumber)
            .versionCeiling(versionCeiling)
            .tickMillis(tickMillis);
    tables.values().forEach(edit::addTable);
    wals.forEach(edit::addWal);
    keptWals.values().forEach(edit::keepWal);
    edit.changesFrom(changesFrom);
    if (logId != null) {
      edit.logId(logId);
    }
    if (checkpointOf != null) {
      edit.checkpointOf(checkpointOf);
    }
    policies.assignments().forEach(a -> edit.policy(a.range(), a.policy()));
    edit.times(List.copyOf(times));
    if (horizons != null) {
      edit.horizons(horizons);
    }
    return edit;
  }
}

package io.ppdb.lsm.manifest;

import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.format.CorruptionException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the edits of a manifest amount to. Not thread-safe. */
public final class ManifestState {
  private long nextFileNumber = 1;
  private long versionCeiling;
  private long tickMillis;
  private final TreeMap<Long, TableMeta> tables = new TreeMap<>();
  private final TreeSet<Long> wals = new TreeSet<>();
  private final PolicyMap policies = new PolicyMap();
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

  public PolicyMap policies() {
    return policies;
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
      if (!wals.remove(number)) {
        throw new CorruptionException(file, "an edit removes WAL " + number + ", not there");
      }
    }
    for (TableMeta table : edit.addedTables) {
      if (tables.putIfAbsent(table.number(), table) != null) {
        throw new CorruptionException(file, "an edit adds table " + table.number() + " again");
      }
    }
    wals.addAll(edit.addedWals);
    for (PolicyMap.Assignment assignment : edit.policies) {
      policies.set(assignment.range(), assignment.policy());
    }
    closed = edit.closed;
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
    policies.assignments().forEach(a -> edit.policy(a.range(), a.policy()));
    return edit;
  }
}

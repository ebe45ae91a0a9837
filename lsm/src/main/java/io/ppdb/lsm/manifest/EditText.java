package io.ppdb.lsm.manifest;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.ByteText;
import io.ppdb.lsm.table.TableGarbage;
import io.ppdb.lsm.table.TableProperties;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What manifests say, as text for people: one line a field. */
public final class EditText {
  private EditText() {}

  /** The fields of an edit, removals first. */
  public static List<String> of(ManifestEdit edit) {
    List<String> lines = new ArrayList<>();
    addNumber(lines, "next file number", edit.nextFileNumber);
    addNumber(lines, "version ceiling", edit.versionCeiling);
    if (edit.tickMillis != 0) {
      lines.add("tick " + instant(edit.tickMillis));
    }
    edit.removedTables.forEach(number -> lines.add("table removed: " + number));
    edit.removedWals.forEach(number -> lines.add("log segment removed: " + number));
    edit.addedTables.forEach(table -> lines.add("table added: " + of(table)));
    edit.addedWals.forEach(number -> lines.add("log segment added: " + number));
    edit.policies.forEach(policy -> lines.add("policy " + of(policy)));
    edit.times.forEach(
        times ->
            lines.add(
                "times of versions "
                    + times.firstVersion()
                    + " to "
                    + times.lastVersion()
                    + ": "
                    + instant(times.firstMillis())
                    + " to "
                    + instant(times.lastMillis())));
    Horizons horizons = edit.horizons;
    if (horizons != null) {
      addHorizons(lines, horizons);
    }
    edit.keptWals.forEach(
        segment ->
            lines.add(
                "log segment kept for changes: "
                    + segment.number()
                    + " up to version "
                    + segment.lastVersion()
                    + ", "
                    + instant(segment.lastMillis())
                    + ", "
                    + segment.endOffset()
                    + " bytes"));
    if (edit.changesFrom >= 0) {
      lines.add("changes are kept from version " + edit.changesFrom + " on");
    }
    if (edit.logId != null) {
      lines.add("log " + edit.logId);
    }
    if (edit.checkpointOf != null) {
      lines.add(of(edit.checkpointOf));
    }
    if (edit.closed) {
      lines.add("closed");
    }
    return lines;
  }

  /** Which commits a checkpoint has, in one line. */
  public static String of(LogPosition checkpoint) {
    return "checkpoint of log " + checkpoint.log() + " up to version " + checkpoint.version();
  }

  private static void addNumber(List<String> lines, String name, long number) {
    if (number != 0) {
      lines.add(name + " " + number);
    }
  }

  private static void addHorizons(List<String> lines, Horizons horizons) {
    for (int i = 0; i < horizons.rangeCount(); i++) {
      Horizon horizon = horizons.horizon(i);
      lines.add(
          "history from "
              + ByteText.of(horizons.start(i))
              + " on begins at version "
              + horizon.version()
              + (horizon.instantMillis() == Long.MIN_VALUE
                  ? ""
                  : ", " + instant(horizon.instantMillis())));
    }
  }

  /** A table, in one line. */
  public static String of(TableMeta table) {
    return table.fileName()
        + " level "
        + table.level()
        + ", "
        + table.sizeInBytes()
        + " bytes, "
        + of(table.properties())
        + (table.globalVersion() == 0 ? "" : ", a version that is not in the file");
  }

  /** What a table says about itself, in one line. */
  public static String of(TableProperties table) {
    return table.entryCount()
        + " entries ("
        + table.tombstoneCount()
        + " deletes, "
        + table.rawBytes()
        + " bytes), versions "
        + table.minVersion()
        + " to "
        + table.maxVersion()
        + (table.entryCount() == 0
            ? ""
            : ", keys "
                + ByteText.of(table.smallestKey())
                + " to "
                + ByteText.of(table.largestKey()))
        + (table.minExpiryMillis() == Limits.NO_EXPIRY
            ? ""
            : ", expires from " + instant(table.minExpiryMillis()))
        + (table.operatorIds().isEmpty() ? "" : ", merge operators " + table.operatorIds())
        + (table.deletedBounds() == null
            ? ""
            : ", "
                + table.rangeTombstoneCount()
                + " deleted ranges from "
                + of(table.deletedBounds()))
        + blobs(table)
        + garbage(table.garbage());
  }

  private static String garbage(TableGarbage garbage) {
    return (garbage.oldestDeleteVersion() == 0
            ? ""
            : ", oldest delete "
                + garbage.oldestDeleteVersion()
                + " since "
                + instant(garbage.oldestDeleteMillis()))
        + (garbage.superseded().bytes() == 0
            ? ""
            : ", superseded " + garbage.superseded().bytes() + " bytes")
        + (garbage.expiring().bytes() == 0
            ? ""
            : ", expiring " + garbage.expiring().bytes() + " bytes");
  }

  private static String blobs(TableProperties table) {
    StringBuilder text = new StringBuilder();
    for (BlobReference blob : table.blobs()) {
      text.append(text.isEmpty() ? ", of them " : " and ")
          .append(blob.valueBytes())
          .append(" bytes in ")
          .append(BlobFiles.fileName(blob.fileNumber()));
    }
    return text.toString();
  }

  /** A range. */
  public static String of(KeyRange range) {
    byte[] end = range.end();
    return ByteText.of(range.start()) + " to " + (end == null ? "the end" : ByteText.of(end));
  }

  /** A range and its policy, in one line. */
  public static String of(PolicyMap.Assignment assignment) {
    RangePolicy policy = assignment.policy();
    return of(assignment.range())
        + ": history "
        + policy.history()
        + ", "
        + policy.use()
        + ", "
        + policy.placement()
        + (policy.blobThresholdBytes() == RangePolicy.STORE_BLOB_THRESHOLD
            ? ""
            : ", blobs from " + policy.blobThresholdBytes() + " bytes")
        + (policy.codec() == RangePolicy.Codec.STORE ? "" : ", compressed by " + policy.codec())
        + (policy.defaultExpiry().isZero() ? "" : ", expires after " + policy.defaultExpiry())
        + (policy.claims() == RangePolicy.Claims.EXCLUSIVE ? "" : ", shared claims");
  }

  /** Milliseconds since 1970 as an instant, as far as instants go. */
  public static String instant(long epochMillis) {
    try {
      return Instant.ofEpochMilli(epochMillis) + " (" + epochMillis + ")";
    } catch (DateTimeException e) {
      return String.valueOf(epochMillis);
    }
  }
}

package io.ppdb.lsm.wal;

/**
 * The header of a record, as it was read last, and what all records of its segment refer to, once
 * one was read that has it. Used again for each record. Not thread-safe.
 */
final class RecordHeader {
  /** From here on, counted from the start of the record, the checksum covers it. */
  int coveredFrom;

  /** The CRC-32C that what is covered has to have. */
  int checksum;

  int type;
  boolean isByMaintenance;
  int headerBytes;
  int payloadBytes;
  long syncedOffset;

  /** Whether the record has the base of its segment. */
  boolean hasBase;

  /** The base, if the record has it. */
  long ownBaseVersion;

  long ownBaseMillis;

  private long versionDifference;
  private long millisDifference;

  /** That of the segment, as far as intact records have told. */
  private boolean baseKnown;

  private long baseVersion;
  private long baseMillis;

  void differences(long version, long millis) {
    versionDifference = version;
    millisDifference = millis;
  }

  /** Believes what the record says of the base; it is intact. */
  void learnBase() {
    if (hasBase) {
      baseKnown = true;
      baseVersion = ownBaseVersion;
      baseMillis = ownBaseMillis;
    }
  }

  boolean isBaseKnown() {
    return baseKnown;
  }

  long recordBytes() {
    return (long) headerBytes + payloadBytes;
  }

  long version() {
    return baseVersion + versionDifference;
  }

  long timeMillis() {
    return baseMillis + millisDifference;
  }
}

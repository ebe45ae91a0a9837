package io.ppdb.lsm;

import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.wal.KeptSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * How long segments of the log are kept for who reads changes, once recovery needs them no more.
 *
 * <p>The newest are kept until they have {@code changeLogBytes}, so that at least so much can be
 * read again; and beyond that as long as their commits are within the longest history of any range,
 * up to {@value #HISTORY_FACTOR} times as much. With {@code changeLogBytes} 0 none is kept. None is
 * given up that the archive has not taken.
 */
final class ChangeRetention {
  private static final int HISTORY_FACTOR = 16;

  private final EngineContext context;
  private final LoggedFiles files;
  private final LongPredicate mayGiveUp;

  /**
   * Retention by the options and policies of {@code context}.
   *
   * @param mayGiveUp whether nobody else needs the segment of a number: the archive may
   */
  ChangeRetention(EngineContext context, LoggedFiles files, LongPredicate mayGiveUp) {
    this.context = context;
    this.files = files;
    this.mayGiveUp = mayGiveUp;
  }

  /**
   * Lets {@code edit} keep segments, or give them and earlier ones up.
   *
   * @param before those kept so far, oldest first
   * @param ended those that recovery needs no more when the edit is made, oldest first
   * @return the numbers of those given up
   */
  List<Long> keep(List<KeptSegment> before, List<KeptSegment> ended, ManifestEdit edit) {
    List<KeptSegment> kept = new ArrayList<>(before);
    kept.addAll(ended);
    List<Long> givenUp = giveUp(kept, edit);
    for (KeptSegment segment : ended) {
      if (!givenUp.contains(segment.number())) {
        edit.keepWal(segment);
      }
    }
    return givenUp;
  }

  private List<Long> giveUp(List<KeptSegment> kept, ManifestEdit edit) {
    long minBytes = context.options().changeLogBytes();
    long maxBytes = Math.multiplyExact(Math.min(minBytes, Long.MAX_VALUE >> 8), HISTORY_FACTOR);
    long sinceMillis = context.ticks().nextMillis() - longestHistoryMillis();
    long bytes = 0;
    for (KeptSegment segment : kept) {
      bytes += sizeInBytes(segment);
    }
    List<Long> givenUp = new ArrayList<>();
    for (KeptSegment segment : kept) {
      long rest = bytes - sizeInBytes(segment);
      boolean isWanted = segment.lastMillis() >= sinceMillis && bytes <= maxBytes;
      if (rest < minBytes || isWanted || !mayGiveUp.test(segment.number())) {
        break;
      }
      edit.dropWal(segment);
      givenUp.add(segment.number());
      bytes = rest;
    }
    return givenUp;
  }

  /** What a segment keeps on the disk, large values and the tables of a load included. */
  private long sizeInBytes(KeptSegment segment) {
    return segment.endOffset() + files.sizeInBytes(segment.number());
  }

  private long longestHistoryMillis() {
    Duration longest = Duration.ZERO;
    for (PolicyMap.Assignment assignment : context.policies().assignments()) {
      RangePolicy policy = assignment.policy();
      longest = policy.history().compareTo(longest) > 0 ? policy.history() : longest;
    }
    return longest.compareTo(Duration.ofDays(365_000)) > 0 ? 1L << 50 : longest.toMillis();
  }
}

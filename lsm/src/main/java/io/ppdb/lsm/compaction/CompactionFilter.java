package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;

/**
 * Says which values of a range the application needs no more, when compactions come by them: the
 * orders of a customer who has left, sessions that say themselves when they end.
 *
 * <p>What a filter gives up <em>expires</em>, at an instant that lies after the end of the
 * compaction, a few minutes ahead. So all rules of expiry hold, and no view changes:
 *
 * <ul>
 *   <li>Views whose instant is before that one go on seeing the value, AS OF within the history of
 *       the range too; later ones do not. It hides what is older like a delete does, until that is
 *       gone as well; nothing older comes back.
 *   <li>The bytes go when the history of the range has passed the instant, as those of all expired
 *       entries do.
 *   <li>The change log has nothing of it: there is no commit. A SERIALIZABLE transaction that has
 *       read the value and is still open then is not validated against its going.
 * </ul>
 *
 * <p>It is asked of puts only, in ranges whose policy is {@link
 * io.ppdb.kv.RangePolicy.Use#EXPIRABLE}, and of the newest entry of a key among those that are
 * compacted, of which there may be a newer one above. When, how often and in which order it is
 * asked is up to the compactions; values that none comes by stay, and {@link
 * io.ppdb.lsm.LsmStore#compact} comes by all.
 *
 * <p>Implementations are thread-safe, do not call the store, and do not change what they are given.
 * If one throws, the compaction fails with an error that names the filter and the key: in the
 * background that makes the store read-only until it is opened again; who asked for the compaction
 * is told. No data are lost either way.
 */
public interface CompactionFilter {
  /** The name that errors are reported under. */
  String name();

  /** The keys that it is asked of. */
  KeyRange range();

  /**
   * Whether a value is still needed.
   *
   * @param key valid during the call
   * @param value valid during the call
   * @param expiryMillis when it expires anyway; {@link io.ppdb.kv.Limits#NO_EXPIRY} if never
   */
  boolean keeps(Slice key, Slice value, long expiryMillis);
}

/**
 * What threads share without harm: counts of users, counters, locks by key, and the detector of
 * what was left open.
 *
 * <pre>
 * ReferenceCount   users of something that the last one disposes of
 * PaddedCounter    a number that many threads add to
 * StripedLock      locks for more keys than there can be locks
 * LeakDetector     what is open and where it was opened; on with Invariants.ENABLED
 * </pre>
 *
 * <p>Depends on the JDK only. Used by {@link io.ppdb.kv.engine} and the engines. What does not
 * belong here: anything that knows of keys' meaning, entries or versions.
 */
@NullMarked
package io.ppdb.kv.sync;

import org.jspecify.annotations.NullMarked;

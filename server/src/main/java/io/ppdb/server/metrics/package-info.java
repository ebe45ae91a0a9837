/**
 * What the server counts and times, in the names that Prometheus scrapes.
 *
 * <p>What does not belong here: who shows it; see {@code io.ppdb.server.http}.
 */
@NullMarked
package io.ppdb.server.metrics;

import org.jspecify.annotations.NullMarked;

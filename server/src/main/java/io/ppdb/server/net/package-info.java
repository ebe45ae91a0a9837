/**
 * Listeners, connections and the threads that serve them, for all protocols.
 *
 * <p>A {@link io.ppdb.server.net.Protocol} readies the pipeline of each connection that a {@link
 * io.ppdb.server.net.NetworkServer} accepts. What may wait runs on {@link
 * io.ppdb.server.net.Workers}, fed through a {@link io.ppdb.server.net.RequestQueue}, never on an
 * event loop: {@code docs/design/server.md}.
 *
 * <p>What does not belong here: codecs, and anything of a database.
 */
@NullMarked
package io.ppdb.server.net;

import org.jspecify.annotations.NullMarked;

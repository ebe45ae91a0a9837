/**
 * HTTP/1.1: a router, what a handler sees of a request, and how it answers.
 *
 * <p>Handlers run on workers and may wait. An error is an {@code application/problem+json} document
 * (RFC 9457). Who asks is found out before a handler is called, but for routes that are open to
 * all.
 *
 * <p>What does not belong here: what is asked for; handlers come from others.
 */
@NullMarked
package io.ppdb.server.http;

import org.jspecify.annotations.NullMarked;

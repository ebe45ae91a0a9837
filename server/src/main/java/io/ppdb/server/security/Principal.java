package io.ppdb.server.security;

/**
 * Somebody who has been authenticated; belongs to a session or a request, never to a thread.
 *
 * @param role the role of the database
 * @param protocol by which they came
 * @param remote their address, as text
 */
public record Principal(String role, String protocol, String remote) {}

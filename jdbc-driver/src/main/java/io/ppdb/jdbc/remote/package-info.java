/**
 * Sessions over the network: a client of PostgreSQL's protocol, version 3, which PPDB's server
 * speaks.
 */
@NullMarked
package io.ppdb.jdbc.remote;

import org.jspecify.annotations.NullMarked;

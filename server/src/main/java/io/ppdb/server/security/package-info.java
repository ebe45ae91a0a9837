/**
 * The gate before every protocol: who somebody is, over what connection, and what is written down
 * about it.
 *
 * <p>{@link io.ppdb.server.security.Gate} authenticates, {@link
 * io.ppdb.server.security.ProtectedMode} says where a server may listen, {@link
 * io.ppdb.server.security.TlsCertificates} keeps the certificate up to date, {@link
 * io.ppdb.server.security.AuditLog} is told of logins and changes. What a principal may do is
 * decided by the database, which has the roles and grants.
 *
 * <p>What does not belong here: protocols, and rights to objects.
 */
@NullMarked
package io.ppdb.server.security;

import org.jspecify.annotations.NullMarked;

package io.ppdb.lsm.manifest;

import java.util.UUID;

/**
 * A place between two commits of a log.
 *
 * @param log which log; every sequence of commits has an identity of its own
 * @param version that of the commit before
 */
public record LogPosition(UUID log, long version) {}

package io.ppdb.lsm.archive;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * A segment of the log that is synced and not written to any more.
 *
 * @param path the file, which does not change while the segment is offered
 * @param log which log: the same until commits do not follow those of the log any more, as after a
 *     restore or a recovery that left some out
 * @param number in the log of its store, and in the file's header
 * @param afterVersion all commits after this version, up to the last one, are in it
 * @param lastVersion that of its last commit
 * @param lengthInBytes what of the file counts
 * @param otherFiles what it refers to: the blob files of its large values, and the tables of loads
 */
public record SealedSegment(
    Path path,
    UUID log,
    long number,
    long afterVersion,
    long lastVersion,
    long lengthInBytes,
    List<Path> otherFiles) {}

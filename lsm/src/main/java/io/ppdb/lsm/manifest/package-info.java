/**
 * The manifest: what the store consists of, as a log of edits.
 *
 * <p>{@link io.ppdb.lsm.manifest.ManifestEdit} is one change, made whole or not at all; {@link
 * io.ppdb.lsm.manifest.ManifestState} is what all edits amount to; {@link
 * io.ppdb.lsm.manifest.Manifest} is the file. The file {@code CURRENT} names the manifest in force.
 * The format is byte-exact in {@code docs/format/manifest.md}.
 *
 * <p>Depends on the vfs, format and table packages. Used by the storage. What does not belong here:
 * open files, reference counts, deciding what to change.
 */
@NullMarked
package io.ppdb.lsm.manifest;

import org.jspecify.annotations.NullMarked;

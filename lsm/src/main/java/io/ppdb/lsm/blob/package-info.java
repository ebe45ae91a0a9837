/**
 * Blob files: where large values lie, outside of log and tables, which hold handles to them.
 *
 * <p>{@link io.ppdb.lsm.blob.BlobWriter} fills one file; {@link io.ppdb.lsm.blob.BlobFile} is a
 * file as readers know it, kept by the count of its users and deleted with the last of them; {@link
 * io.ppdb.lsm.blob.BlobFiles} knows them all. {@link io.ppdb.lsm.blob.BlobAppender} takes the large
 * values of commits, {@link io.ppdb.lsm.blob.BlobPins} keeps files for the handles in a memtable.
 * The format is byte-exact in {@code docs/format/blob.md}, the reasons are in {@code
 * docs/design/blobs.md}.
 *
 * <p>Depends on the vfs and format packages and on kv-core. Used by tables, which count what they
 * refer to, and by the storage. What does not belong here: which values are large, and which files
 * are worth rewriting.
 */
@NullMarked
package io.ppdb.lsm.blob;

import org.jspecify.annotations.NullMarked;

package io.ppdb.lsm.tree;

import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.vfs.Vfs;
import java.nio.file.Path;

/** Where table files are, and what they are read with. */
public record TableSource(Vfs vfs, Path directory, BlockCache cache, BlobFiles blobs) {}

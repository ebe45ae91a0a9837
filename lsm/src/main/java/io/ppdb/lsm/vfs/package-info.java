/**
 * The file system as the engine sees it: every byte that lsm reads or writes goes through {@link
 * io.ppdb.lsm.vfs.Vfs}.
 *
 * <p>{@link io.ppdb.lsm.vfs.RealVfs} is the operating system's. {@link io.ppdb.lsm.vfs.MemVfs}
 * models a disk with a page cache, so that a test can pull the plug; {@link
 * io.ppdb.lsm.vfs.FaultVfs} stands before another one and lets a chosen operation fail. Both are
 * part of the product so that programs built on PPDB can test their own crash behaviour.
 *
 * <p>Depends on the JDK only. Used by every other package of lsm. What does not belong here:
 * anything that knows a file format.
 */
@NullMarked
package io.ppdb.lsm.vfs;

import org.jspecify.annotations.NullMarked;

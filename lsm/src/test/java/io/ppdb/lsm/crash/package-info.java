/** Crashes, failing disks and damaged files: what must survive, and what must be noticed. */
@NullMarked
package io.ppdb.lsm.crash;

import org.jspecify.annotations.NullMarked;

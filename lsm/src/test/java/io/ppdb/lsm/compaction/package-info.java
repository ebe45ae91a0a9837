@NullMarked
package io.ppdb.lsm.compaction;

import org.jspecify.annotations.NullMarked;

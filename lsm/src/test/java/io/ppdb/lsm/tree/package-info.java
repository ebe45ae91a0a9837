@NullMarked
package io.ppdb.lsm.tree;

import org.jspecify.annotations.NullMarked;

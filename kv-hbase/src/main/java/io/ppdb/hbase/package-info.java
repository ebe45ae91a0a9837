/** The distributed engine as other modules see it; free of HBase's classes. */
@NullMarked
package io.ppdb.hbase;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.ppdb.graph;

import org.jspecify.annotations.NullMarked;

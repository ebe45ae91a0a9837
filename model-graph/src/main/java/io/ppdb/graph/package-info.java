/** Property graphs over adjacency keys, as a TinkerPop provider. */
@NullMarked
package io.ppdb.graph;

import org.jspecify.annotations.NullMarked;

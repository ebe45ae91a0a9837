@NullMarked
package io.ppdb.graph.lang;

import org.jspecify.annotations.NullMarked;

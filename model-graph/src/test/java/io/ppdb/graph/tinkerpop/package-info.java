/** TinkerPop's own suites over a PPDB graph. */
package io.ppdb.graph.tinkerpop;

package io.ppdb.graph;

import org.apache.tinkerpop.gremlin.structure.Element;

/** What has properties without identity: an edge, or a property of a vertex. */
interface PropertyOwner extends Element {
  /** Removes the property of a key; does nothing if it is not there. */
  void removeProperty(int keyId);
}

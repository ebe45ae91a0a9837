package io.ppdb.relational.planner;

import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import java.util.List;

/**
 * From where a session looks at the catalog. Sessions of one viewpoint mean the same by the same
 * text, and so share its plans. Immutable.
 *
 * @param path the schemas in which names that are not qualified are looked for, in this order;
 *     those that do not exist count for nothing
 * @param role the id of the role whose rights statements have
 */
public record Viewpoint(List<String> path, long role) {
  /** Where a session begins. */
  public static final Viewpoint DEFAULT =
      new Viewpoint(List.of(Catalog.DEFAULT_SCHEMA), Role.BOOTSTRAP);

  public Viewpoint {
    path = List.copyOf(path);
  }
}

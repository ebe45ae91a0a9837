package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.Comments;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.Comments.Subject;
import io.ppdb.relational.catalog.SchemaDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of {@code information_schema.comments}. */
final class CommentRows {
  private CommentRows() {}

  static List<@Nullable Object[]> all(Visible visible) {
    Map<Long, String> schemas = new HashMap<>();
    for (SchemaDefinition schema : visible.schemas()) {
      schemas.put(schema.id(), schema.name());
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Map.Entry<Subject, String> comment : Comments.all(visible.view()).entrySet()) {
      Subject subject = comment.getKey();
      boolean isWhole = subject.part() == Part.WHOLE;
      @Nullable String schema = schemas.get(subject.id());
      @Nullable CatalogObject object =
          schema == null ? visible.catalog().findObject(visible.view(), subject.id()) : null;
      if (schema == null && (object == null || !visible.sees(object))) {
        continue;
      }
      rows.add(
          new @Nullable Object[] {
            object == null ? "schema" : object.kindName(),
            object == null ? null : object.schema(),
            object == null ? schema : object.name(),
            isWhole ? null : subject.part().name().toLowerCase(Locale.ROOT),
            isWhole ? null : subject.name(),
            comment.getValue()
          });
    }
    return rows;
  }
}

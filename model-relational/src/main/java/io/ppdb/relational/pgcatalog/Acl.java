package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.access.AccessList;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Grants as PostgreSQL writes them: {@code grantee=arw*d/grantor}, a star for a grant option. */
final class Acl {
  private Acl() {}

  /** The items of a list of grants; null where nothing was ever granted. */
  static @Nullable List<String> items(@Nullable AccessList granted, AccessRights rights) {
    if (granted == null) {
      return null;
    }
    List<String> items = new ArrayList<>();
    for (AccessList.Entry entry : granted.entries()) {
      boolean isPublic = entry.grantee() == Role.PUBLIC;
      items.add(
          (isPublic ? "" : Names.quoted(rights.name(entry.grantee())))
              + "="
              + letters(entry)
              + "/"
              + Names.quoted(rights.name(entry.grantor())));
    }
    return items;
  }

  private static String letters(AccessList.Entry entry) {
    StringBuilder letters = new StringBuilder();
    String connect = "";
    for (Privilege privilege : Privilege.in(entry.privileges())) {
      String letter = Privilege.letters(privilege.bit());
      String text = (entry.options() & privilege.bit()) != 0 ? letter + "*" : letter;
      if (privilege == Privilege.CONNECT) {
        connect = text; // PostgreSQL has it last
      } else {
        letters.append(text);
      }
    }
    return letters + connect;
  }
}

package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.access.Role;
import io.ppdb.relational.expr.SessionInfo;
import java.util.Map;

/** Rows that are the same in all databases: types, functions, languages; and settings. */
final class SystemRows {
  private static final long INTERNAL_LANGUAGE = 12;

  private SystemRows() {}

  static void register(Map<String, Rows.Writer> writers) {
    writers.put("pg_type", SystemRows::types);
    writers.put("pg_proc", SystemRows::functions);
    writers.put("pg_am", SystemRows::accessMethods);
    writers.put("pg_language", SystemRows::languages);
    writers.put("pg_collation", SystemRows::collations);
    writers.put("pg_settings", SystemRows::settings);
  }

  private static void types(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (SystemType type : SystemType.all()) {
      rows.add()
          .set("oid", type.oid())
          .set("typname", type.name())
          .set("typnamespace", Oids.PG_CATALOG)
          .set("typowner", Role.BOOTSTRAP)
          .set("typlen", type.length())
          .set("typbyval", type.isByValue())
          .set("typtype", type.kind())
          .set("typcategory", type.category())
          .set("typispreferred", type.isPreferred())
          .set("typisdefined", true)
          .set("typdelim", type.delimiter())
          .set("typsubscript", type.function(17))
          .set("typelem", type.elementOid())
          .set("typarray", type.arrayOid())
          .set("typinput", type.function(10))
          .set("typoutput", type.function(11))
          .set("typreceive", type.function(12))
          .set("typsend", type.function(13))
          .set("typmodin", "-")
          .set("typmodout", "-")
          .set("typanalyze", "-")
          .set("typalign", type.alignment())
          .set("typstorage", type.storage())
          .set("typtypmod", -1)
          .set("typcollation", type.collation());
    }
  }

  private static void functions(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (SystemFunction function : SystemFunction.ALL.values()) {
      rows.add()
          .set("oid", function.oid())
          .set("proname", function.name())
          .set("pronamespace", Oids.PG_CATALOG)
          .set("proowner", Role.BOOTSTRAP)
          .set("prolang", INTERNAL_LANGUAGE)
          .set("procost", 1f)
          .set("prosupport", "-")
          .set("prokind", function.kind())
          .set("proleakproof", false)
          .set("proisstrict", function.isStrict())
          .set("proretset", function.returnsSet())
          .set("provolatile", function.volatility())
          .set("proparallel", "s")
          .set("pronargs", function.arguments().size())
          .set("prorettype", function.result())
          .set("proargtypes", function.arguments())
          .set("prosrc", function.name());
    }
  }

  private static void accessMethods(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    rows.add()
        .set("oid", Oids.HEAP)
        .set("amname", "heap")
        .set("amhandler", "heap_tableam_handler")
        .set("amtype", "t");
    rows.add()
        .set("oid", Oids.BTREE)
        .set("amname", "btree")
        .set("amhandler", "bthandler")
        .set("amtype", "i");
  }

  private static void languages(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    rows.add()
        .set("oid", INTERNAL_LANGUAGE)
        .set("lanname", "internal")
        .set("lanowner", Role.BOOTSTRAP);
  }

  private static void collations(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    rows.add()
        .set("oid", Oids.DEFAULT_COLLATION)
        .set("collname", "default")
        .set("collnamespace", Oids.PG_CATALOG)
        .set("collowner", Role.BOOTSTRAP)
        .set("collprovider", "d")
        .set("collisdeterministic", true)
        .set("collencoding", -1);
  }

  private static void settings(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    session
        .settings()
        .forEach(
            (name, value) ->
                rows.add()
                    .set("name", name)
                    .set("setting", value)
                    .set("category", "PPDB")
                    .set("context", "user")
                    .set("vartype", "string")
                    .set("source", "default")
                    .set("boot_val", value)
                    .set("reset_val", value)
                    .set("pending_restart", false));
  }
}

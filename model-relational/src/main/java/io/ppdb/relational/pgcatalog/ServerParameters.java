package io.ppdb.relational.pgcatalog;

import java.util.Map;

/** What clients of PostgreSQL ask about the server, and nobody can set. */
public final class ServerParameters {
  /** The version of PostgreSQL whose catalog and dialect these are. */
  public static final String VERSION = "15.0";

  /** What {@code version()} says. */
  public static final String VERSION_TEXT = "PostgreSQL " + VERSION + " (PPDB), Java";

  /** Parameters that are always the same, by their names. */
  public static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("server_version", VERSION),
          Map.entry("server_version_num", "150000"),
          Map.entry("server_encoding", "UTF8"),
          Map.entry("integer_datetimes", "on"),
          Map.entry("max_identifier_length", "63"),
          Map.entry("max_index_keys", "32"),
          Map.entry("max_connections", "100"),
          Map.entry("max_function_args", "100"),
          Map.entry("block_size", "8192"),
          Map.entry("lc_collate", "C"),
          Map.entry("lc_ctype", "C"),
          Map.entry("in_hot_standby", "off"));

  /** Values that parameters have which have no effect here, until somebody sets them. */
  public static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("application_name", ""),
          Map.entry("bytea_output", "hex"),
          Map.entry("client_encoding", "UTF8"),
          Map.entry("client_min_messages", "notice"),
          Map.entry("DateStyle", "ISO, MDY"),
          Map.entry("extra_float_digits", "1"),
          Map.entry("IntervalStyle", "postgres"),
          Map.entry("lc_messages", "C"),
          Map.entry("lc_monetary", "C"),
          Map.entry("lc_numeric", "C"),
          Map.entry("lc_time", "C"),
          Map.entry("row_security", "on"),
          Map.entry("standard_conforming_strings", "on"));

  private ServerParameters() {}
}

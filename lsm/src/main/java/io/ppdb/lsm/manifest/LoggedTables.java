package io.ppdb.lsm.manifest;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * The tables that a record of the log names: an edit that adds them, before they have a version and
 * a place in the tree.
 */
public final class LoggedTables {
  private static final int INITIAL_BYTES = 256;

  private LoggedTables() {}

  /** The bytes for the record. */
  public static byte[] encode(List<TableMeta> tables) {
    ManifestEdit edit = new ManifestEdit();
    tables.forEach(edit::addTable);
    ByteWriter writer = new ByteWriter(INITIAL_BYTES);
    edit.write(writer);
    return writer.toByteArray();
  }

  /**
   * The tables that {@link #encode} was given, at the version of the commit that brought them.
   *
   * @param segment where the record is
   */
  public static List<TableMeta> decode(byte[] bytes, long version, Path segment) {
    ManifestEdit edit = ManifestEdit.read(new ByteReader(segment, 0, bytes, 0, bytes.length));
    return edit.addedTables().stream().map(table -> table.atVersion(version)).toList();
  }
}

package io.ppdb.lsm;

import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.wal.WalReader;
import java.nio.file.Path;
import java.util.Set;

/** Which files a commit in the log refers to. */
final class CommitFiles {
  private CommitFiles() {}

  /**
   * Adds their names: the blob files of large values, the tables of a load, and the blob files that
   * those refer to.
   *
   * @param segment where the commit was read, for errors
   */
  static void addNames(WalReader.Commit commit, Path segment, Set<String> names) {
    for (Entry entry : commit.entries()) {
      if (entry.kind() == EntryKind.BLOB) {
        BlobHandle handle = BlobHandle.decode(new Slice(entry.value()), segment);
        names.add(BlobFiles.fileName(handle.fileNumber()));
      }
    }
    byte[] tables = commit.tables();
    if (tables == null) {
      return;
    }
    for (TableMeta table : LoggedTables.decode(tables, commit.version(), segment)) {
      names.add(table.fileName());
      for (BlobReference blob : table.properties().blobs()) {
        names.add(BlobFiles.fileName(blob.fileNumber()));
      }
    }
  }
}

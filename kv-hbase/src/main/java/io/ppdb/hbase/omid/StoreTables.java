package io.ppdb.hbase.omid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.NamespaceDescriptor;
import org.apache.hadoop.hbase.NamespaceExistException;
import org.apache.hadoop.hbase.TableExistsException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * The tables of a store: a namespace of HBase with its data and what is known about itself. And
 * those of Omid, which all stores of a cluster share.
 */
final class StoreTables {
  /** The one column family of the tables of a store. */
  static final byte[] FAMILY = Bytes.toBytes("d");

  /** Omid's; it collects what no transaction can see any more when HBase compacts. */
  private static final String COLLECTOR = "org.apache.omid.transaction.OmidCompactor";

  private static final TableName OMID_COMMITS = TableName.valueOf("OMID_COMMIT_TABLE");
  private static final TableName OMID_TIMESTAMPS = TableName.valueOf("OMID_TIMESTAMP_TABLE");

  private final String store;

  /**
   * The tables of {@code store}, whether they exist or not.
   *
   * @param store the name of a namespace
   */
  StoreTables(String store) {
    this.store = store;
  }

  TableName data() {
    return TableName.valueOf(store, "data");
  }

  TableName meta() {
    return TableName.valueOf(store, "meta");
  }

  boolean exist(Admin admin) throws IOException {
    return admin.tableExists(meta());
  }

  /**
   * Makes the tables that are not there, and returns their names.
   *
   * @param splits rows that the regions of the data begin with, but for the first
   */
  List<String> create(Admin admin, byte[][] splits) throws IOException {
    List<String> made = new ArrayList<>();
    create(admin, plain(OMID_COMMITS, 1, "F", "LWF"), new byte[0][], made);
    create(admin, plain(OMID_TIMESTAMPS, 3, "MAX_TIMESTAMP_CF"), new byte[0][], made);
    try {
      admin.createNamespace(NamespaceDescriptor.create(store).build());
    } catch (NamespaceExistException e) {
      // made by somebody else, or before
    }
    create(admin, transactional(data()), splits, made);
    // The last one: who finds it finds all.
    create(admin, transactional(meta()), new byte[0][], made);
    return made;
  }

  private static TableDescriptor plain(TableName name, int versions, String... families) {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(name);
    for (String family : List.of(families)) {
      table.setColumnFamily(
          ColumnFamilyDescriptorBuilder.newBuilder(Bytes.toBytes(family))
              .setMaxVersions(versions)
              .build());
    }
    return table.build();
  }

  /** A table whose cells belong to transactions: no version goes but by the collector. */
  private static TableDescriptor transactional(TableName name) throws IOException {
    return TableDescriptorBuilder.newBuilder(name)
        .setColumnFamily(
            ColumnFamilyDescriptorBuilder.newBuilder(FAMILY)
                .setMaxVersions(Integer.MAX_VALUE)
                .build())
        .setCoprocessor(COLLECTOR)
        .build();
  }

  private static void create(Admin admin, TableDescriptor table, byte[][] splits, List<String> made)
      throws IOException {
    if (admin.tableExists(table.getTableName())) {
      return;
    }
    try {
      if (splits.length == 0) {
        admin.createTable(table);
      } else {
        admin.createTable(table, splits);
      }
      made.add(table.getTableName().getNameAsString());
    } catch (TableExistsException e) {
      // made by somebody else at the same time
    }
  }
}

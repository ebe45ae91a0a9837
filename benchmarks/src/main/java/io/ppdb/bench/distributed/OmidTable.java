package io.ppdb.bench.distributed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.omid.transaction.HBaseOmidClientConfiguration;
import org.apache.omid.transaction.HBaseTransactionManager;
import org.apache.omid.transaction.TTable;
import org.apache.omid.transaction.Transaction;
import org.apache.omid.transaction.TransactionManager;
import org.apache.omid.tso.client.OmidClientConfiguration.ConnType;
import org.jspecify.annotations.NullUnmarked;

/**
 * Omid as its own documentation uses it: a table of HBase, a manager of transactions, a {@code
 * TTable}. The table is as that of PPDB: all versions, Omid's collector.
 */
@NullUnmarked
final class OmidTable implements ClusterStore {
  private static final byte[] FAMILY = {'d'};
  private static final byte[] COLUMN = {'v'};
  private static final TableName NAME = TableName.valueOf("raw");
  private static final int MAX_ROWS_PER_CALL = 1_000;
  private static final String COLLECTOR = "org.apache.omid.transaction.OmidCompactor";

  private final Connection connection;
  private final TransactionManager transactions;
  private final TTable table;

  OmidTable(String zooKeeper, String oracle) throws Exception {
    Configuration hbase = HBaseConfiguration.create();
    hbase.set("hbase.zookeeper.quorum", zooKeeper);
    connection = ConnectionFactory.createConnection(hbase);
    try (Admin admin = connection.getAdmin()) {
      if (!admin.tableExists(NAME)) {
        admin.createTable(
            TableDescriptorBuilder.newBuilder(NAME)
                .setColumnFamily(
                    ColumnFamilyDescriptorBuilder.newBuilder(FAMILY)
                        .setMaxVersions(Integer.MAX_VALUE)
                        .build())
                .setCoprocessor(COLLECTOR)
                .build());
      }
    }
    HBaseOmidClientConfiguration omid = new HBaseOmidClientConfiguration();
    omid.setHBaseConfiguration(hbase);
    omid.setConnectionType(ConnType.DIRECT);
    omid.setConnectionString(oracle);
    transactions = HBaseTransactionManager.newInstance(omid);
    table = new TTable(connection, NAME.toBytes());
  }

  @Override
  public void put(List<byte[]> keys, List<byte[]> values) throws Exception {
    Transaction transaction = transactions.begin();
    List<Put> puts = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      puts.add(new Put(keys.get(i)).addColumn(FAMILY, COLUMN, values.get(i)));
    }
    table.put(transaction, puts);
    transactions.commit(transaction);
  }

  @Override
  public byte[] get(byte[] key) throws Exception {
    Transaction transaction = transactions.begin();
    Result row = table.get(transaction, new Get(key).addColumn(FAMILY, COLUMN));
    byte[] value = row.getValue(FAMILY, COLUMN);
    transactions.commit(transaction);
    return value;
  }

  @Override
  public void scan(byte[] start, int entryCount, Visitor visitor) throws Exception {
    Transaction transaction = transactions.begin();
    Scan scan =
        new Scan()
            .withStartRow(start)
            .addColumn(FAMILY, COLUMN)
            .setCaching(Math.min(entryCount, MAX_ROWS_PER_CALL));
    try (ResultScanner rows = table.getScanner(transaction, scan)) {
      for (int i = 0; i < entryCount; i++) {
        Result row = rows.next();
        if (row == null) {
          break;
        }
        visitor.visit(row.getRow(), row.getValue(FAMILY, COLUMN));
      }
    }
    transactions.commit(transaction);
  }

  @Override
  public void close() throws IOException {
    table.close();
    transactions.close();
    connection.close();
  }
}

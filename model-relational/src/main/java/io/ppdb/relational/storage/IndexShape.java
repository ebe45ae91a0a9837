package io.ppdb.relational.storage;

import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.IndexExpressions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexNode;

/**
 * What writers of one index need to know, found out once for a version of the table. Immutable.
 *
 * @param prefix of the keys of its entries
 * @param columns the elements of its key; expressions have places behind the table's columns
 * @param columnsRead the columns on which a row's entry depends
 * @param isReferenced whether foreign keys refer to it
 */
record IndexShape(
    IndexDefinition index,
    byte[] prefix,
    List<IndexDefinition.Column> columns,
    BitSet columnsRead,
    boolean isReferenced) {

  static IndexShape of(
      TableDefinition table, IndexDefinition index, byte[] prefix, IndexExpressions expressions) {
    List<IndexDefinition.Column> columns = new ArrayList<>();
    int next = table.columns().size();
    for (IndexDefinition.Column column : index.columns()) {
      columns.add(column.expression() == null ? column : column.withOrdinal(next++));
    }
    boolean isReferenced =
        table.constraints().references().stream()
            .anyMatch(reference -> reference.keyNumber() == index.number());
    return new IndexShape(index, prefix, columns, columnsRead(index, expressions), isReferenced);
  }

  private static BitSet columnsRead(IndexDefinition index, IndexExpressions expressions) {
    BitSet read = new BitSet();
    index.ordinals().forEach(read::set);
    index.included().forEach(read::set);
    List<RexNode> trees = expressions.keysOf(index);
    RelOptUtil.InputFinder.bits(trees, expressions.predicateOf(index)).forEach(read::set);
    return read;
  }

  /** Whether there is more to it than columns of rows. */
  boolean isComputed() {
    return index.predicate() != null || !index.isOfColumns();
  }

  boolean includesColumns() {
    return !index.included().isEmpty();
  }
}

package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.ScanText;
import io.ppdb.relational.spi.TableAccess;
import java.util.List;

/**
 * A materialised view that was not filled yet: statements that read it can be planned, not run.
 *
 * @param table its definition
 */
record UnpopulatedView(TableDefinition table) implements TableAccess {
  @Override
  public double estimatedRowCount() {
    return 1;
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    return List.of(
        new ScanPath(
            new ScanText("Seq Scan", table.name(), ""),
            List.of(),
            1,
            1,
            List.of(),
            context -> {
              throw new PpdbException(
                  ErrorCode.INVALID_STATE,
                  "materialized view \""
                      + table.name()
                      + "\" has not been populated; use the REFRESH MATERIALIZED VIEW command");
            }));
  }
}

package io.ppdb.relational;

import io.ppdb.relational.parser.AnalyzeNode;
import io.ppdb.relational.parser.CopyNode;
import io.ppdb.relational.parser.ExplainOptions;
import io.ppdb.relational.parser.TransactionNode;
import io.ppdb.relational.planner.Dependencies;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement ready to run, shared by all sessions. It is good as long as the tables it was made
 * for are what they were.
 */
sealed interface CompiledStatement {
  /** The types of the parameters. */
  List<ColumnType> parameterTypes();

  /** The columns of the rows it returns; empty if it returns a count. */
  List<ResultColumn> columns();

  Dependencies dependencies();

  /** A SELECT or VALUES; {@code locksRows} if it does so for its transaction. */
  record Query(
      PlanNode plan,
      List<ResultColumn> columns,
      List<ColumnType> parameterTypes,
      Dependencies dependencies,
      boolean locksRows)
      implements CompiledStatement {}

  /** An INSERT, UPDATE or DELETE; {@code returning} is null if it returns a count. */
  record Write(
      WritePlan plan,
      @Nullable Returning returning,
      List<ColumnType> parameterTypes,
      Dependencies dependencies)
      implements CompiledStatement {
    @Override
    public List<ResultColumn> columns() {
      return returning == null ? List.of() : returning.columns();
    }
  }

  /** EXPLAIN of a query or write. */
  record Explain(CompiledStatement statement, ExplainOptions options) implements CompiledStatement {
    @Override
    public List<ColumnType> parameterTypes() {
      return statement.parameterTypes();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of(ResultColumn.computed("QUERY PLAN", ColumnType.TEXT));
    }

    @Override
    public Dependencies dependencies() {
      return statement.dependencies();
    }
  }

  /** A schema change; interpreted when it runs. */
  record Definition(io.ppdb.relational.parser.Definition definition, String sql)
      implements CompiledStatement {
    @Override
    public List<ColumnType> parameterTypes() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of();
    }

    @Override
    public Dependencies dependencies() {
      return Dependencies.NONE;
    }
  }

  /** BEGIN, COMMIT and their like. */
  record TransactionControl(TransactionNode node) implements CompiledStatement {
    @Override
    public List<ColumnType> parameterTypes() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of();
    }

    @Override
    public Dependencies dependencies() {
      return Dependencies.NONE;
    }
  }

  /** COPY: runs the queries and INSERTs that it is made of when it is executed. */
  record Copy(CopyNode node) implements CompiledStatement {
    @Override
    public List<ColumnType> parameterTypes() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of();
    }

    @Override
    public Dependencies dependencies() {
      return Dependencies.NONE;
    }
  }

  /** ANALYZE: looks up its tables when it runs. */
  record Analyze(AnalyzeNode node) implements CompiledStatement {
    @Override
    public List<ColumnType> parameterTypes() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return List.of();
    }

    @Override
    public Dependencies dependencies() {
      return Dependencies.NONE;
    }
  }

  /** SHOW or SET; {@code value} is null for SHOW. */
  record Setting(String name, @Nullable String value) implements CompiledStatement {
    /** The value that stands for whatever a setting is when nobody sets it. */
    static final String DEFAULT = "DEFAULT";

    @Override
    public List<ColumnType> parameterTypes() {
      return List.of();
    }

    @Override
    public List<ResultColumn> columns() {
      return value == null ? List.of(ResultColumn.computed(name, ColumnType.TEXT)) : List.of();
    }

    @Override
    public Dependencies dependencies() {
      return Dependencies.NONE;
    }
  }
}

package io.ppdb.suites.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random changes of a table {@code u}, which has keys and a check, with rows of a table {@code v}
 * and under the eyes of its child {@code w}. What depends on the order of rows is not generated: a
 * row is met by at most one other, and no update moves many keys.
 */
final class RandomWrites extends RandomExpressions {
  private static final String[] ACTIONS = {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL"};
  private static final List<Column> TARGET =
      List.of(
          new Column("u.id", Type.INT),
          new Column("u.i", Type.INT),
          new Column("u.j", Type.INT),
          new Column("u.s", Type.TEXT));
  private static final List<Column> SOURCE =
      List.of(
          new Column("v.id", Type.INT), new Column("v.i", Type.INT), new Column("v.s", Type.TEXT));
  private static final List<Column> BOTH = both();

  private final boolean hasChild;

  /**
   * @param hasChild whether a foreign key refers to {@code u}; DuckDB knows no actions, and cannot
   *     change what is referred to
   */
  RandomWrites(Random random, boolean hasChild) {
    super(random);
    this.hasChild = hasChild;
  }

  private static List<Column> both() {
    List<Column> both = new ArrayList<>(TARGET);
    both.addAll(SOURCE);
    return List.copyOf(both);
  }

  List<String> changedTables() {
    return hasChild ? List.of("u", "w") : List.of("u");
  }

  @Override
  List<RandomStatement> tables() {
    List<RandomStatement> statements = new ArrayList<>();
    statements.add(
        statement(
            "CREATE TABLE u (id INTEGER PRIMARY KEY, k INTEGER UNIQUE, i INTEGER,"
                + " j INTEGER NOT NULL CHECK (j BETWEEN -4 AND 9), s VARCHAR)"));
    if (one(2)) {
      statements.add(statement("CREATE INDEX x ON u (" + pick("i", "j, s", "s") + ")"));
    }
    statements.add(statement("CREATE TABLE v (id INTEGER PRIMARY KEY, i INTEGER, s VARCHAR)"));
    for (int id = 0; id < 6; id++) {
      String k = one(3) ? "NULL" : id + 10 + "";
      String values = nullable(Type.INT) + ", " + id + ", " + nullable(Type.TEXT);
      statements.add(statement("INSERT INTO u VALUES (" + id + ", " + k + ", " + values + ")"));
      values = nullable(Type.INT) + ", " + nullable(Type.TEXT);
      statements.add(statement("INSERT INTO v VALUES (" + (id + 3) + ", " + values + ")"));
    }
    if (hasChild) {
      statements.addAll(child());
    }
    return statements;
  }

  private List<RandomStatement> child() {
    List<RandomStatement> statements = new ArrayList<>();
    boolean byKey = one(2);
    String actions = " ON DELETE " + pick(ACTIONS) + " ON UPDATE " + pick(ACTIONS);
    String reference = "REFERENCES u (" + (byKey ? "id" : "k") + ")" + actions;
    notFor.add(DUCK_DB);
    statements.add(
        statement("CREATE TABLE w (id INTEGER PRIMARY KEY, p INTEGER " + reference + ")"));
    for (int id = 0; id < 6; id++) {
      notFor.add(DUCK_DB);
      statements.add(
          statement("INSERT INTO w VALUES (" + id + ", " + (byKey ? id / 2 : "NULL") + ")"));
    }
    return statements;
  }

  RandomStatement write() {
    if (hasChild) {
      notFor.add(DUCK_DB);
    }
    return statement(
        switch (number(hasChild ? 14 : 11)) {
          case 0 ->
              "INSERT INTO u" + values(1 + number(3)) + (one(4) ? ", (12, 30, 1, NULL, 'x')" : "");
          case 1 -> "INSERT INTO u" + query();
          case 2 -> {
            notFor.add(DUCK_DB); // leaves more rows out than are in the way
            yield "INSERT INTO u" + values(1 + number(3)) + " ON CONFLICT DO NOTHING";
          }
          case 3 -> upsert();
          case 4 -> "UPDATE u SET " + assignments(TARGET) + where(TARGET);
          case 5 -> "UPDATE u SET k = " + key(10) + " WHERE id = " + number(8);
          case 6 -> "UPDATE u SET id = " + number(12) + " WHERE id = " + number(8);
          case 7 -> updateFrom();
          case 8 -> "DELETE FROM u" + where(TARGET);
          case 9 -> deleteUsing();
          case 10 -> merge();
          case 11 -> "UPDATE w SET p = " + key(one(2) ? 0 : 10) + " WHERE id < " + number(6);
          case 12 -> "INSERT INTO w VALUES (" + (4 + number(6)) + ", " + key(0) + ")";
          default -> "DELETE FROM u WHERE id = " + number(6);
        });
  }

  private String values(int rowCount) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < rowCount; i++) {
      String values = nullable(Type.INT) + ", " + (number(10) - 2) + ", " + nullable(Type.TEXT);
      rows.add("(" + number(12) + ", " + key(10) + ", " + values + ")");
    }
    return " VALUES " + String.join(", ", rows);
  }

  private String query() {
    return " SELECT v.id + %d, %s, %s, %s, %s FROM v"
            .formatted(
                number(9),
                pick("NULL", "v.id + 12"),
                integer(SOURCE, 2),
                integer(SOURCE, 1),
                text(SOURCE, 1))
        + where(SOURCE);
  }

  private String key(int first) {
    return one(4) ? "NULL" : first + number(8) + "";
  }

  private String upsert() {
    notFor.add(H2);
    int rowCount = 1 + number(3);
    String excluded = "i = excluded.i, j = u.j + 1, s = excluded.s || " + text(TARGET, 1);
    String where = one(2) ? "" : " WHERE " + condition(TARGET, 1);
    if (rowCount > 1 || where.contains("SELECT")) {
      notFor.add(DUCK_DB); // lets a row be changed twice, and knows no sub-query here
    }
    String action = ") DO UPDATE SET " + excluded + where + returning();
    return "INSERT INTO u" + values(rowCount) + " ON CONFLICT (" + pick("id", "k") + action;
  }

  private String updateFrom() {
    notFor.add(H2);
    String keys = "v.id = u." + pick("id", "i", "j");
    String condition = one(2) ? "" : " AND " + condition(BOTH, 1);
    return "UPDATE u SET " + assignments(BOTH) + " FROM v WHERE " + keys + condition + returning();
  }

  private String deleteUsing() {
    notFor.add(H2);
    String condition = one(2) ? "" : " AND " + condition(BOTH, 1);
    return "DELETE FROM u USING v WHERE v.id = u." + pick("id", "i", "j") + condition + returning();
  }

  private String merge() {
    String matched = one(2) ? "" : " WHEN MATCHED AND " + condition(BOTH, 1) + " THEN DELETE";
    String update = one(4) ? "" : " WHEN MATCHED THEN UPDATE SET " + assignments(BOTH);
    String insert =
        " WHEN NOT MATCHED"
            + (one(2) ? "" : " AND " + condition(SOURCE, 1))
            + " THEN INSERT VALUES (v.id, NULL, v.i, %s, v.s)".formatted(number(4));
    return "MERGE INTO u USING v ON v.id = u.id" + matched + update + insert;
  }

  private String assignments(List<Column> scope) {
    return switch (number(3)) {
      case 0 -> "i = " + integer(scope, 2);
      case 1 -> "s = " + text(scope, 2) + ", j = " + integer(scope, 1);
      default -> "i = " + integer(scope, 1) + ", j = u.j + " + number(4);
    };
  }

  private String returning() {
    return one(2) ? "" : " RETURNING u.id, " + integer(TARGET, 1) + ", " + text(TARGET, 1);
  }
}

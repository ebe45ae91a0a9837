package io.ppdb.server.postgres;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.PreparedSql;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a client has prepared.
 *
 * @param sql what the client sent
 * @param prepared null if the session itself runs it: LISTEN and its like
 * @param command what the session runs; null if it is SQL
 * @param placeholders which parameter each {@code ?} is
 * @param parameterOids the types of the parameters as the client knows them
 * @param tag without counts
 * @param control what it does to transactions
 * @param columns the columns of its rows, as the client knows them; empty if it has none
 */
record ServerStatement(
    String sql,
    @Nullable PreparedSql prepared,
    @Nullable SessionCommand command,
    Placeholders placeholders,
    int[] parameterOids,
    String tag,
    Control control,
    List<ResultColumn> columns) {
  /** What is nothing but white space and comments. */
  static final ServerStatement EMPTY =
      new ServerStatement(
          "", null, null, Placeholders.of(""), new int[0], "", Control.NONE, List.of());

  private static final int UNKNOWN_OID = 705;
  private static final int TEXT_OID = 25;

  /** What a statement does to transactions. */
  enum Control {
    NONE,
    BEGIN,
    COMMIT,
    ROLLBACK,
    ROLLBACK_TO
  }

  /**
   * Prepares a statement.
   *
   * @param declared the types that the client gives to parameters, 0 for those it does not know
   */
  static ServerStatement prepare(RelationalSession session, String sql, int[] declared) {
    SessionCommand command = SessionCommand.parse(sql);
    if (command != null) {
      return new ServerStatement(
          sql,
          null,
          command,
          Placeholders.of(""),
          new int[0],
          CommandTag.of(sql, false),
          Control.NONE,
          List.of());
    }
    Placeholders placeholders = Placeholders.of(sql);
    PreparedSql prepared = prepare(session, placeholders, declared);
    if (placeholders.count() == 0) {
      placeholders = Placeholders.plain(sql, prepared.parameterTypes().size());
    }
    String tag = CommandTag.of(sql, prepared.hasRows());
    return new ServerStatement(
        sql,
        prepared,
        null,
        placeholders,
        parameterOids(placeholders, prepared.parameterTypes(), declared),
        tag,
        control(prepared, tag),
        prepared.columns());
  }

  private static PreparedSql prepare(
      RelationalSession session, Placeholders placeholders, int[] declared) {
    PreparedSql prepared;
    try {
      prepared = session.prepare(placeholders.sql());
    } catch (PpdbException e) {
      if (e.code() != ErrorCode.UNDEFINED_PARAMETER || placeholders.count() == 0) {
        throw e;
      }
      // The statement does not tell: what the client says counts, and text if it does not either.
      return session.prepare(
          placeholders.withCasts(
              number -> {
                ColumnType type = declaredType(declared, number);
                return type == null ? ColumnType.TEXT : type;
              }));
    }
    List<ColumnType> types = placeholders.count() == 0 ? List.of() : prepared.parameterTypes();
    boolean wider = false;
    for (int i = 0; i < types.size(); i++) {
      wider |= isWider(declaredType(declared, placeholders.numbers()[i]), types.get(i));
    }
    if (!wider) {
      return prepared;
    }
    return session.prepare(
        placeholders.withCasts(
            number -> {
              ColumnType type = declaredType(declared, number);
              for (int i = 0; i < types.size(); i++) {
                if (placeholders.numbers()[i] == number && isWider(type, types.get(i))) {
                  return type;
                }
              }
              return null;
            }));
  }

  /** Whether values of {@code declared} lose something as {@code inferred}. */
  private static boolean isWider(@Nullable ColumnType declared, ColumnType inferred) {
    return declared != null
        && inferred.kind().isInteger()
        && declared.kind().isNumeric()
        && !declared.kind().isInteger();
  }

  static @Nullable ColumnType declaredType(int[] declared, int number) {
    return number < declared.length && declared[number] != 0
        ? PostgresTypes.find(declared[number] & 0xffff_ffffL)
        : null;
  }

  private static int[] parameterOids(
      Placeholders placeholders, List<ColumnType> types, int[] declared) {
    int[] oids = new int[placeholders.count()];
    for (int i = 0; i < oids.length; i++) {
      if (i < declared.length && declared[i] != UNKNOWN_OID) {
        oids[i] = declared[i];
      }
    }
    for (int i = 0; i < types.size(); i++) {
      int number = placeholders.numbers()[i];
      if (oids[number] == 0) {
        oids[number] = PostgresTypes.of(types.get(i)).oid();
      }
    }
    for (int i = 0; i < oids.length; i++) {
      oids[i] = oids[i] == 0 ? TEXT_OID : oids[i];
    }
    return oids;
  }

  /** The values of the {@code ?}, from those of the parameters. */
  @Nullable Object[] values(@Nullable Object[] parameters) {
    if (placeholders.isPlain()) {
      return parameters;
    }
    int[] numbers = placeholders.numbers();
    @Nullable Object[] values = new @Nullable Object[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      values[i] = parameters[numbers[i]];
    }
    return values;
  }

  /** Whether it is nothing but white space and comments. */
  boolean isEmpty() {
    return prepared == null && command == null;
  }

  /**
   * Whether rows of these columns are what the client expects: a statement is planned anew when
   * what it reads has changed.
   */
  boolean hasColumns(List<ResultColumn> actual) {
    if (actual.equals(columns)) {
      return true;
    }
    boolean same = actual.size() == columns.size();
    for (int i = 0; same && i < actual.size(); i++) {
      same = actual.get(i).type().equals(columns.get(i).type());
    }
    return same;
  }

  private static Control control(PreparedSql prepared, String tag) {
    if (prepared.beginsTransaction()) {
      return Control.BEGIN;
    }
    if (!prepared.endsResults()) {
      return Control.NONE;
    }
    if (prepared.rollsBackToSavepoint()) {
      return Control.ROLLBACK_TO;
    }
    return tag.equals("COMMIT") ? Control.COMMIT : Control.ROLLBACK;
  }
}

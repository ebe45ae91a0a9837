package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.Sequences;
import io.ppdb.relational.expr.SequenceValues;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** The values that one session has drawn from sequences. Used by one thread at a time. */
final class SessionSequences {
  /** A name that means itself. */
  private static final Pattern SIMPLE = Pattern.compile("[a-z_][a-z0-9_]*");

  private final Catalog catalog;
  private final Sequences sequences;
  private final SessionSettings settings;
  private final Map<Long, Long> drawn = new HashMap<>();
  private @Nullable Long last;

  SessionSequences(Catalog catalog, Sequences sequences, SessionSettings settings) {
    this.catalog = catalog;
    this.sequences = sequences;
    this.settings = settings;
  }

  /** Sequences as a statement sees them that reads {@code view}. */
  SequenceValues at(ReadView view) {
    return new SequenceValues() {
      @Override
      public long next(String name) {
        SequenceDefinition sequence = find(view, name);
        requireNext(view, sequence);
        long value = sequences.next(sequence);
        drawn.put(sequence.id(), value);
        last = value;
        return value;
      }

      @Override
      public long current(String name) {
        SequenceDefinition sequence = find(view, name);
        require(view, sequence, Privilege.bits(Privilege.USAGE, Privilege.SELECT));
        Long value = drawn.get(sequence.id());
        if (value == null) {
          throw new PpdbException(
              ErrorCode.INVALID_STATE,
              "currval of sequence \"" + sequence.name() + "\" is not yet defined in this session");
        }
        return value;
      }

      @Override
      public long last() {
        if (last == null) {
          throw new PpdbException(
              ErrorCode.INVALID_STATE, "lastval is not yet defined in this session");
        }
        return last;
      }

      @Override
      public long set(String name, long value, boolean isCalled) {
        SequenceDefinition sequence = find(view, name);
        require(view, sequence, Privilege.UPDATE.bit());
        sequences.set(sequence, value, isCalled);
        if (isCalled) {
          drawn.put(sequence.id(), value);
        }
        return value;
      }
    };
  }

  /** Of an identity column, values come with the right to insert into its table. */
  private void requireNext(ReadView view, SequenceDefinition sequence) {
    long role = settings.viewpoint().role();
    boolean comesWithTable =
        role != Role.BOOTSTRAP
            && sequence.ownerId() != 0
            && catalog.access().at(view).hasOnAny(role, sequence.ownerId(), Privilege.INSERT)
            && catalog.table(view, sequence.ownerId()).table().hasIdentity();
    if (!comesWithTable) {
      require(view, sequence, Privilege.bits(Privilege.USAGE, Privilege.UPDATE));
    }
  }

  /** Asks for one of some privileges. */
  private void require(ReadView view, SequenceDefinition sequence, int privileges) {
    long role = settings.viewpoint().role();
    if (role != Role.BOOTSTRAP
        && (catalog.access().at(view).privileges(role, ObjectClass.SEQUENCE, sequence.id())
                & privileges)
            == 0) {
      throw AccessRights.denied("sequence " + sequence.name());
    }
  }

  private SequenceDefinition find(ReadView view, String text) {
    List<String> names = names(text);
    String name = names.get(names.size() - 1);
    List<String> schemas =
        names.size() > 1 ? List.of(names.get(names.size() - 2)) : settings.viewpoint().path();
    for (String schema : schemas) {
      if (catalog.findObject(view, schema, name) instanceof SequenceDefinition sequence) {
        return sequence;
      }
      if (catalog.exists(view, schema, name)) {
        throw new PpdbException(ErrorCode.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a sequence");
      }
    }
    throw new PpdbException(ErrorCode.UNDEFINED_TABLE, "relation \"" + text + "\" does not exist");
  }

  /** The parts of a name as text has it. */
  static List<String> names(String text) {
    if (SIMPLE.matcher(text).matches()) {
      return List.of(text);
    }
    if (QueryPlanner.parser().parseExpression(text) instanceof SqlIdentifier identifier) {
      return identifier.names;
    }
    throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "invalid name syntax: \"" + text + "\"");
  }
}

package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.parser.SequenceClause;
import io.ppdb.relational.type.TypeKind;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** CREATE SEQUENCE, ALTER SEQUENCE, and the sequences of columns. Used for one statement. */
final class SequenceStatements {
  private final Change change;

  SequenceStatements(Change change) {
    this.change = change;
  }

  void create(Definition.CreateSequence node) {
    String schema = change.schemaFor(node.name());
    String name = Names.simple(node.name());
    if (node.ifNotExists() && change.catalog().exists(change.transaction(), schema, name)) {
      return;
    }
    change.requireFree(schema, node.name(), ErrorCode.DUPLICATE_TABLE);
    create(schema, name, TypeKind.BIGINT, node.options(), 0);
  }

  /** Creates the sequence of a column of the table with id {@code ownerId}; returns its name. */
  String createOwned(
      String schema, String base, TypeKind type, SequenceClause options, long ownerId) {
    String name = base;
    for (int i = 1; change.catalog().exists(change.transaction(), schema, name); i++) {
      name = base + i;
    }
    create(schema, name, type, options, ownerId);
    return name;
  }

  private void create(
      String schema, String name, TypeKind usualType, SequenceClause options, long ownerId) {
    TypeKind type =
        options.type() == null
            ? usualType
            : change.planner().typeOf(change.view(), options.type()).kind();
    if (!type.isInteger()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "sequence type must be smallint, integer, or bigint, not " + type.sqlName());
    }
    long id = change.allocateId();
    if (ownerId != 0) {
      change.own(id, change.rights().of(ownerId).owner()); // that of its table
    }
    SequenceDefinition usual =
        new SequenceDefinition(
            id,
            0,
            schema,
            name,
            ThreadLocalRandom.current().nextLong(),
            type,
            0,
            1,
            0,
            0,
            false,
            1,
            ownerId);
    change.catalog().store(change.transaction(), with(usual, options, true));
  }

  void alter(Definition.AlterSequence node) {
    CatalogObject object = change.find(node.name());
    if (object == null && !change.exists(node.name())) {
      if (node.ifExists()) {
        return;
      }
      throw change.missing("relation", node.name());
    }
    SequenceDefinition sequence = requireSequence(object, node.name());
    change.permissions().requireOwner(sequence);
    SequenceClause options = node.options();
    SequenceDefinition changed = with(sequence, options, false);
    if (options.restarts()) {
      changed = changed.restarted();
      Long from = options.restart();
      if (from != null) {
        requireWithin(changed, "RESTART", from);
        change.catalog().restart(change.transaction(), changed, from);
      }
    }
    change.catalog().store(change.transaction(), changed);
  }

  private static SequenceDefinition requireSequence(
      @Nullable CatalogObject object, SqlIdentifier name) {
    if (object instanceof SequenceDefinition sequence) {
      return sequence;
    }
    throw Names.wrongKind(name, "sequence");
  }

  /**
   * {@code old} with {@code options}; a new one has its usual limits where nothing else is said.
   */
  private static SequenceDefinition with(
      SequenceDefinition old, SequenceClause options, boolean isNew) {
    long increment = or(options.increment(), old.increment());
    if (increment == 0) {
      throw invalid("INCREMENT must not be zero");
    }
    long least =
        switch (old.type()) {
          case SMALLINT -> Short.MIN_VALUE;
          case INTEGER -> Integer.MIN_VALUE;
          default -> Long.MIN_VALUE;
        };
    long minimum = bound(options.minimum(), isNew, increment > 0 ? 1 : least, old.minimum());
    long maximum =
        bound(options.maximum(), isNew, increment > 0 ? -(least + 1) : -1, old.maximum());
    if (minimum >= maximum) {
      throw invalid("MINVALUE (" + minimum + ") must be less than MAXVALUE (" + maximum + ")");
    }
    if (minimum < least || maximum > -(least + 1)) {
      throw invalid("the limits of a sequence must fit its type " + old.type().sqlName());
    }
    long usualStart = increment > 0 ? minimum : maximum;
    long start = or(options.start(), isNew ? usualStart : old.start());
    long cache = or(options.cache(), old.cache());
    if (cache < 1) {
      throw invalid("CACHE (" + cache + ") must be greater than zero");
    }
    Boolean cycles = options.cycles();
    SequenceDefinition sequence =
        new SequenceDefinition(
            old.id(),
            0,
            old.schema(),
            old.name(),
            old.stateId(),
            old.type(),
            start,
            increment,
            minimum,
            maximum,
            cycles == null ? old.cycles() : cycles,
            cache,
            old.ownerId());
    requireWithin(sequence, "START", start);
    return sequence;
  }

  private static long or(@Nullable Long given, long usual) {
    return given == null ? usual : given;
  }

  private static long bound(
      SequenceClause.@Nullable Bound given, boolean isNew, long usual, long old) {
    if (given == null) {
      return isNew ? usual : old;
    }
    return given.value() == null ? usual : given.value();
  }

  private static void requireWithin(SequenceDefinition sequence, String what, long value) {
    if (value < sequence.minimum() || value > sequence.maximum()) {
      throw invalid(
          what
              + " value ("
              + value
              + ") must lie between MINVALUE ("
              + sequence.minimum()
              + ") and MAXVALUE ("
              + sequence.maximum()
              + ")");
    }
  }

  private static PpdbException invalid(String message) {
    return new PpdbException(ErrorCode.INVALID_ARGUMENT, message);
  }
}

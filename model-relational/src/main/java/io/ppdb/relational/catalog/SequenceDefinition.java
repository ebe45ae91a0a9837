package io.ppdb.relational.catalog;

import io.ppdb.relational.type.TypeKind;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A sequence: how its values follow each other. Which values have been given out is not part of the
 * definition, for that does not roll back ({@link Sequences}). Immutable.
 *
 * @param stateId names the state that belongs to this definition: drawn anew to begin again
 * @param type smallint, integer or bigint: what its values fit
 * @param start the first value
 * @param cache how many values are taken at once, at least
 * @param ownerId the table that it goes with when that is dropped; 0 if there is none
 */
public record SequenceDefinition(
    long id,
    long version,
    String schema,
    String name,
    long stateId,
    TypeKind type,
    long start,
    long increment,
    long minimum,
    long maximum,
    boolean cycles,
    long cache,
    long ownerId)
    implements CatalogObject {
  @Override
  public SequenceDefinition withVersion(long newVersion) {
    return new SequenceDefinition(
        id,
        newVersion,
        schema,
        name,
        stateId,
        type,
        start,
        increment,
        minimum,
        maximum,
        cycles,
        cache,
        ownerId);
  }

  public SequenceDefinition withName(String newName) {
    return new SequenceDefinition(
        id, version, schema, newName, stateId, type, start, increment, minimum, maximum, cycles,
        cache, ownerId);
  }

  /** The same with no value given out. */
  public SequenceDefinition restarted() {
    return new SequenceDefinition(
        id,
        version,
        schema,
        name,
        ThreadLocalRandom.current().nextLong(),
        type,
        start,
        increment,
        minimum,
        maximum,
        cycles,
        cache,
        ownerId);
  }

  @Override
  public String kindName() {
    return "sequence";
  }
}

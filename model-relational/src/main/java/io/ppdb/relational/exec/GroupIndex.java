package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers distinct keys in the order they first appear: the heart of grouping, DISTINCT and the set
 * operations. NULL equals NULL here.
 *
 * <p>A batch is processed in steps (keys or hashes of all rows, then lookups), which keeps several
 * cache misses in flight. Keys of at most 64 bits together, short strings included, are packed into
 * one long ({@link KeyPacker}) and compared as such; when a key turns up that cannot be packed, the
 * index changes to comparing hashes and then columns. Both use open addressing at a load of at most
 * one half.
 */
final class GroupIndex {
  private static final int INITIAL_SLOTS = 1024;

  private final RowBuffer keys;
  private @Nullable KeyPacker packer;

  /** Group number + 1 at each slot, 0 where free. */
  private int[] slots = new int[INITIAL_SLOTS];

  /** Packed key or hash of each group. */
  private long[] groupKeys = new long[INITIAL_SLOTS / 2];

  private int groupCount;
  private long[] batchKeys = {};
  private int[] fresh = {};

  GroupIndex(List<ColumnType> types) {
    this.keys = new RowBuffer(types);
    this.packer = KeyPacker.forTypes(types);
  }

  int groupCount() {
    return groupCount;
  }

  /** The keys of all groups, in the order of their numbers. */
  RowBuffer keys() {
    return keys;
  }

  long sizeInBytes() {
    return keys.sizeInBytes() + 4L * slots.length + 8L * groupKeys.length;
  }

  /**
   * Finds or adds the group of each live row of {@code batch}, whose columns are the key.
   *
   * @param groups receives the group of live row i at index i
   */
  void assign(VectorBatch batch, int[] groups) {
    number(batch, groups, true);
  }

  /** Finds the group of each live row of {@code batch}: -1 if it has none. */
  void find(VectorBatch batch, int[] groups) {
    number(batch, groups, false);
  }

  private void number(VectorBatch batch, int[] groups, boolean isAdding) {
    int count = batch.size();
    if (batchKeys.length < count) {
      batchKeys = new long[Math.max(count, 2 * batchKeys.length)];
      fresh = new int[batchKeys.length];
    }
    if (packer != null && !packer.pack(batch, batchKeys)) {
      packer = null;
      rehashByColumns();
    }
    if (packer != null) {
      numberPacked(batch, count, groups, isAdding);
    } else {
      Hashing.hash(batch.columns(), batch.selection(), count, batchKeys);
      numberHashed(batch, count, groups, isAdding);
    }
  }

  private void numberPacked(VectorBatch batch, int count, int[] groups, boolean isAdding) {
    int freshCount = 0;
    for (int i = 0; i < count; i++) {
      long key = batchKeys[i];
      int mask = slots.length - 1;
      int slot = (int) Hashing.mix(key) & mask;
      int group;
      while ((group = slots[slot] - 1) >= 0 && groupKeys[group] != key) {
        slot = (slot + 1) & mask;
      }
      if (group < 0 && isAdding) {
        group = add(slot, key);
        fresh[freshCount++] = batch.position(i);
      }
      groups[i] = group;
    }
    appendKeys(batch, freshCount);
  }

  private void numberHashed(VectorBatch batch, int count, int[] groups, boolean isAdding) {
    for (int i = 0; i < count; i++) {
      long hash = batchKeys[i];
      int position = batch.position(i);
      int mask = slots.length - 1;
      int slot = (int) hash & mask;
      int group;
      while ((group = slots[slot] - 1) >= 0
          && !(groupKeys[group] == hash && equalKeys(group, batch, position))) {
        slot = (slot + 1) & mask;
      }
      if (group < 0 && isAdding) {
        group = add(slot, hash);
        // Later rows of this batch compare with this one, so its key is stored at once.
        fresh[0] = position;
        appendKeys(batch, 1);
      }
      groups[i] = group;
    }
  }

  private int add(int slot, long key) {
    int group = groupCount++;
    slots[slot] = group + 1;
    if (group == groupKeys.length) {
      groupKeys = Arrays.copyOf(groupKeys, groupKeys.length * 2);
    }
    groupKeys[group] = key;
    if (groupCount * 2 > slots.length) {
      rebuild(slots.length * 2);
    }
    return group;
  }

  private void appendKeys(VectorBatch batch, int freshCount) {
    if (freshCount == 0) {
      return;
    }
    int[] selection = batch.selection();
    int selected = batch.size();
    batch.setSelection(fresh, freshCount);
    keys.append(batch);
    batch.setSelection(selection, selected);
  }

  private boolean equalKeys(int group, VectorBatch batch, int position) {
    Vector[] known = keys.columns();
    for (int i = 0; i < known.length; i++) {
      Vector column = batch.column(i);
      boolean isNull = column.isNull(position);
      if (isNull != known[i].isNull(group)
          || (!isNull && Comparison.compare(known[i], group, column, position) != 0)) {
        return false;
      }
    }
    return true;
  }

  private void rebuild(int slotCount) {
    slots = new int[slotCount];
    int mask = slotCount - 1;
    for (int group = 0; group < groupCount; group++) {
      int slot = (int) (packer != null ? Hashing.mix(groupKeys[group]) : groupKeys[group]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = group + 1;
    }
  }

  /** Replaces packed keys by hashes. */
  private void rehashByColumns() {
    Hashing.hash(keys.columns(), null, groupCount, groupKeys);
    rebuild(slots.length);
  }
}

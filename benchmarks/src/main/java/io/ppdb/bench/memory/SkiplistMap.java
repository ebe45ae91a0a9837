package io.ppdb.bench.memory;

import io.ppdb.kv.skiplist.ByteArena;
import io.ppdb.kv.skiplist.LongArena;
import io.ppdb.kv.skiplist.Skiplist;
import io.ppdb.kv.skiplist.Varints;

/**
 * PPDB's skiplist as an ordered map: key and value are copied into the byte arena, side by side,
 * and the payload of a node is the reference of its value.
 *
 * <pre>
 * value, in the byte arena    length (1 to 5 bytes, 7 bits each, low first) | bytes
 * </pre>
 */
final class SkiplistMap implements OrderedMap {
  private static final byte[] NOTHING_SHARED = {};

  private final LongArena longs = new LongArena();
  private final ByteArena bytes = new ByteArena();
  private final Skiplist list = new Skiplist(longs, bytes, NOTHING_SHARED);

  @Override
  public void put(byte[] key, byte[] value) {
    Skiplist.Place place = new Skiplist.Place();
    int node = list.find(key, place);
    if (node == Skiplist.NONE) {
      int keySize = Skiplist.keySize(key);
      int reference = bytes.allocate(keySize + sizeOf(value));
      byte[] array = bytes.array(reference);
      writeValue(value, array, Skiplist.writeKey(key, array, ByteArena.offset(reference)));
      node = list.insert(key, place, reference, reference + keySize);
      if (list.keyReference(node) == reference) {
        return;
      }
    }
    replace(node, value);
  }

  private void replace(int node, byte[] value) {
    int reference = bytes.allocate(sizeOf(value));
    writeValue(value, bytes.array(reference), ByteArena.offset(reference));
    int old;
    do {
      old = list.payload(node);
    } while (!list.compareAndSetPayload(node, old, reference));
  }

  private static int sizeOf(byte[] value) {
    return Varints.length(value.length) + value.length;
  }

  private static void writeValue(byte[] value, byte[] array, int offset) {
    int start = Varints.write(value.length, array, offset);
    System.arraycopy(value, 0, array, start, value.length);
  }

  @Override
  public long get(byte[] key) {
    int node = list.find(key);
    return node == Skiplist.NONE ? 0 : valueDigest(node);
  }

  private long valueDigest(int node) {
    int reference = list.payload(node);
    byte[] array = bytes.array(reference);
    int offset = ByteArena.offset(reference);
    int length = Varints.read(array, offset);
    return Digests.ofValue(array, offset + Varints.length(length), length);
  }

  @Override
  public long scan(byte[] start, int entryCount) {
    long digest = 0;
    int node = list.ceiling(start);
    for (int i = 0; i < entryCount && node != Skiplist.NONE; i++) {
      int reference = list.keyReference(node);
      byte[] array = bytes.array(reference);
      int offset = ByteArena.offset(reference);
      int keyOffset = offset + Varints.length(Varints.read(array, offset));
      digest = Digests.add(digest, array, keyOffset, valueDigest(node));
      node = list.next(node);
    }
    return digest;
  }
}

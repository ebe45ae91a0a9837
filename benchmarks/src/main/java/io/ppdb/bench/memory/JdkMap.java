package io.ppdb.bench.memory;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The JDK's {@link ConcurrentSkipListMap}, which keeps the arrays it is given. */
final class JdkMap implements OrderedMap {
  private final ConcurrentSkipListMap<byte[], byte[]> map =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  @Override
  public void put(byte[] key, byte[] value) {
    map.put(key, value);
  }

  @Override
  public long get(byte[] key) {
    byte[] value = map.get(key);
    return value == null ? 0 : Digests.ofValue(value, 0, value.length);
  }

  @Override
  public long scan(byte[] start, int entryCount) {
    long digest = 0;
    Iterator<Map.Entry<byte[], byte[]>> entries = map.tailMap(start).entrySet().iterator();
    for (int i = 0; i < entryCount && entries.hasNext(); i++) {
      Map.Entry<byte[], byte[]> entry = entries.next();
      byte[] value = entry.getValue();
      digest = Digests.add(digest, entry.getKey(), 0, Digests.ofValue(value, 0, value.length));
    }
    return digest;
  }
}

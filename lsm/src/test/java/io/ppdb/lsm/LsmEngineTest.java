package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LsmEngineTest {
  @Test
  void isFoundByItsName(@TempDir Path directory) {
    KeyValueEngine engine = KeyValueEngine.named("lsm", getClass().getClassLoader());
    try (KeyValueStore store = engine.open(directory.toString(), StoreOptions.DEFAULT)) {
      assertThat(store.properties().engineName()).isEqualTo("lsm");
      assertThat(store.properties().durable()).isTrue();
    }
  }
}

package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LibraryLoaderTest {
  private static final String IN_THE_LIBRARIES = "org.apache.hadoop.hbase.client.HTable";

  @Test
  void hasTheLibrariesAndSharesTheContractOnly() throws Exception {
    try (LibraryLoader loader = LibraryLoader.of(LibraryLoader.directory())) {
      assertThat(loader.loadClass(IN_THE_LIBRARIES).getClassLoader()).isSameAs(loader);
      assertThat(loader.loadClass("com.google.protobuf.Message").getClassLoader()).isSameAs(loader);
      assertThat(loader.loadClass(KeyValueStore.class.getName())).isSameAs(KeyValueStore.class);
      assertThat(loader.loadClass("io.ppdb.hbase.omid.ClaimNumbers").getClassLoader())
          .isSameAs(loader);
      assertThatThrownBy(() -> loader.loadClass("org.assertj.core.api.Assertions"))
          .isInstanceOf(ClassNotFoundException.class);
    }
  }

  @Test
  void namesTheDirectoryThatIsNotThere() throws IOException {
    assertThatThrownBy(() -> LibraryLoader.of(Path.of("no-such-directory")))
        .isInstanceOf(PpdbException.class)
        .hasMessageContaining("no-such-directory")
        .hasMessageContaining(LibraryLoader.DIRECTORY_PROPERTY);
  }
}

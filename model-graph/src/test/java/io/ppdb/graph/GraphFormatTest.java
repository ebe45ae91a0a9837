package io.ppdb.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.junit.jupiter.api.Test;

/** The bytes of a small graph are those of docs/format/graph.md. */
class GraphFormatTest {
  @Test
  void aSmallGraphIsStoredAsTheManualSays() {
    try (KeyValueStore store = new MemoryEngine().open("", StoreOptions.DEFAULT);
        PpdbGraph graph = PpdbGraph.open(store)) {
      graph.createIndex("airport", "code");
      Vertex seattle = graph.addVertex(T.label, "airport", "code", "SEA");
      seattle.addEdge("route", seattle, "dist", 7);
      graph.tx().commit();
      assertThat(entries(store))
          .containsExactly(
              // vertex 1; adjacency outwards with its property, and inwards; edge 1; label; index
              "150215011501 010102000803534541",
              "15021503150114150115011501 02040e",
              "1502150315011501150115011501 ",
              "1502150415011501 0101",
              "1502150515011501 ",
              "15021506150128534541001501 ",
              "15021507141501 0000000000000001",
              "1502150715011501 0000000000000001");
    }
  }

  /** Everything but the schema, as "key value" in hexadecimal. */
  private static List<String> entries(KeyValueStore store) {
    List<String> entries = new ArrayList<>();
    HexFormat hex = HexFormat.of();
    byte[] afterSchema = {0x15, 2, 0x15};
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.prefix(afterSchema))) {
      while (cursor.next()) {
        entries.add(
            hex.formatHex(cursor.key().toByteArray())
                + " "
                + hex.formatHex(cursor.value().toByteArray()));
      }
    }
    return entries;
  }
}

package io.ppdb.graph;

import io.ppdb.graph.storage.EdgeEnds;
import io.ppdb.graph.storage.EdgeListScan;
import io.ppdb.graph.storage.EdgeScan;
import io.ppdb.graph.storage.GraphSession;
import io.ppdb.graph.storage.VertexRecord;
import io.ppdb.graph.storage.VertexScan;
import org.apache.tinkerpop.gremlin.structure.Edge;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.structure.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Scans as iterators of elements. */
final class ElementIterators {
  private static final int FIRST_BATCH = 16;
  private static final int LAST_BATCH = 512;

  private ElementIterators() {}

  static CloseableIterator<Vertex> vertices(
      PpdbGraph graph, GraphSession session, VertexScan scan) {
    return new ScanIterator<>() {
      @Override
      @Nullable Vertex fetch() {
        if (!scan.next()) {
          return null;
        }
        VertexRecord record = scan.record();
        return record == null
            ? new PpdbVertex(graph, scan.id())
            : new PpdbVertex(graph, scan.id(), session, record);
      }

      @Override
      void closeScan() {
        scan.close();
      }
    };
  }

  static CloseableIterator<Edge> edges(PpdbGraph graph, EdgeListScan scan) {
    return new ScanIterator<>() {
      @Override
      @Nullable Edge fetch() {
        EdgeEnds ends = scan.next();
        return ends == null ? null : new PpdbEdge(graph, ends);
      }

      @Override
      void closeScan() {
        scan.close();
      }
    };
  }

  /** The edges that {@code scan} finds at the vertex {@code vertexId}. */
  static CloseableIterator<Edge> edges(
      PpdbGraph graph, GraphSession session, long vertexId, EdgeScan scan) {
    return new ScanIterator<>() {
      @Override
      @Nullable Edge fetch() {
        if (!scan.next()) {
          return null;
        }
        boolean out = scan.direction() == GraphSession.OUT;
        EdgeEnds ends =
            new EdgeEnds(
                scan.edgeId(),
                scan.labelId(),
                out ? vertexId : scan.otherId(),
                out ? scan.otherId() : vertexId);
        byte[] properties = session.properties(scan);
        return properties == null
            ? new PpdbEdge(graph, ends)
            : new PpdbEdge(graph, ends, session, properties);
      }

      @Override
      void closeScan() {
        scan.close();
      }
    };
  }

  /** The vertices at the other ends. */
  static CloseableIterator<Vertex> neighbours(PpdbGraph graph, EdgeScan scan) {
    return new ScanIterator<>() {
      @Override
      @Nullable Vertex fetch() {
        return scan.next() ? new PpdbVertex(graph, scan.otherId()) : null;
      }

      @Override
      void closeScan() {
        scan.close();
      }
    };
  }

  /** The vertices at the other ends, loaded by growing batches before they are handed out. */
  static CloseableIterator<Vertex> neighboursInBatches(
      PpdbGraph graph, GraphSession session, EdgeScan scan) {
    return new ScanIterator<>() {
      private long[] batch = new long[FIRST_BATCH];
      private int count;
      private int position;
      private boolean exhausted;

      @Override
      @Nullable Vertex fetch() {
        if (position == count && !exhausted) {
          fill();
        }
        return position < count ? new PpdbVertex(graph, batch[position++]) : null;
      }

      private void fill() {
        if (count == batch.length && batch.length < LAST_BATCH) {
          batch = new long[2 * batch.length];
        }
        position = 0;
        count = 0;
        while (count < batch.length && !exhausted) {
          if (scan.next()) {
            batch[count++] = scan.otherId();
          } else {
            exhausted = true;
          }
        }
        if (count > 1) {
          session.prefetch(batch, count);
        }
      }

      @Override
      void closeScan() {
        if (!exhausted) {
          scan.close();
        }
      }
    };
  }
}

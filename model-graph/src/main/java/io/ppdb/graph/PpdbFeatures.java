package io.ppdb.graph;

import org.apache.tinkerpop.gremlin.structure.Graph;
import org.apache.tinkerpop.gremlin.structure.VertexProperty;
import org.apache.tinkerpop.gremlin.structure.util.StringFactory;

/** What a PPDB graph can do, as TinkerPop asks for it. */
public final class PpdbFeatures implements Graph.Features {
  private final GraphFeatures graph;
  private final VertexFeatures vertex;
  private final EdgeFeatures edge = new Edges();

  PpdbFeatures(boolean durable, VertexProperty.Cardinality cardinality) {
    graph = new WholeGraph(durable);
    vertex = new Vertices(cardinality);
  }

  @Override
  public GraphFeatures graph() {
    return graph;
  }

  @Override
  public VertexFeatures vertex() {
    return vertex;
  }

  @Override
  public EdgeFeatures edge() {
    return edge;
  }

  @Override
  public String toString() {
    return StringFactory.featureString(this);
  }

  private static final class WholeGraph implements GraphFeatures {
    private final boolean durable;
    private final VariableFeatures variables = new NoVariables();

    WholeGraph(boolean durable) {
      this.durable = durable;
    }

    @Override
    public boolean supportsComputer() {
      return false;
    }

    @Override
    public boolean supportsPersistence() {
      return durable;
    }

    @Override
    public boolean supportsConcurrentAccess() {
      return false;
    }

    @Override
    public boolean supportsOrderabilitySemantics() {
      return true;
    }

    @Override
    public boolean supportsServiceCall() {
      return false;
    }

    @Override
    public boolean supportsIoRead() {
      return true;
    }

    @Override
    public boolean supportsIoWrite() {
      return true;
    }

    @Override
    public VariableFeatures variables() {
      return variables;
    }
  }

  private static final class NoVariables implements VariableFeatures {
    @Override
    public boolean supportsVariables() {
      return false;
    }

    @Override
    public boolean supportsBooleanValues() {
      return false;
    }

    @Override
    public boolean supportsByteValues() {
      return false;
    }

    @Override
    public boolean supportsDoubleValues() {
      return false;
    }

    @Override
    public boolean supportsFloatValues() {
      return false;
    }

    @Override
    public boolean supportsIntegerValues() {
      return false;
    }

    @Override
    public boolean supportsLongValues() {
      return false;
    }

    @Override
    public boolean supportsMapValues() {
      return false;
    }

    @Override
    public boolean supportsMixedListValues() {
      return false;
    }

    @Override
    public boolean supportsBooleanArrayValues() {
      return false;
    }

    @Override
    public boolean supportsByteArrayValues() {
      return false;
    }

    @Override
    public boolean supportsDoubleArrayValues() {
      return false;
    }

    @Override
    public boolean supportsFloatArrayValues() {
      return false;
    }

    @Override
    public boolean supportsIntegerArrayValues() {
      return false;
    }

    @Override
    public boolean supportsLongArrayValues() {
      return false;
    }

    @Override
    public boolean supportsSerializableValues() {
      return false;
    }

    @Override
    public boolean supportsStringArrayValues() {
      return false;
    }

    @Override
    public boolean supportsStringValues() {
      return false;
    }

    @Override
    public boolean supportsUniformListValues() {
      return false;
    }
  }

  private static final class Vertices implements VertexFeatures {
    private final VertexPropertyFeatures properties = new VertexProperties();
    private final VertexProperty.Cardinality cardinality;

    Vertices(VertexProperty.Cardinality cardinality) {
      this.cardinality = cardinality;
    }

    @Override
    public VertexProperty.Cardinality getCardinality(String key) {
      return cardinality;
    }

    @Override
    public VertexPropertyFeatures properties() {
      return properties;
    }

    @Override
    public boolean supportsNullPropertyValues() {
      return false;
    }

    @Override
    public boolean supportsUserSuppliedIds() {
      return false;
    }

    @Override
    public boolean supportsStringIds() {
      return false;
    }

    @Override
    public boolean supportsUuidIds() {
      return false;
    }

    @Override
    public boolean supportsCustomIds() {
      return false;
    }

    @Override
    public boolean supportsAnyIds() {
      return false;
    }
  }

  private static final class Edges implements EdgeFeatures {
    private final EdgePropertyFeatures properties = new EdgeProperties();

    @Override
    public EdgePropertyFeatures properties() {
      return properties;
    }

    @Override
    public boolean supportsNullPropertyValues() {
      return false;
    }

    @Override
    public boolean supportsUserSuppliedIds() {
      return false;
    }

    @Override
    public boolean supportsStringIds() {
      return false;
    }

    @Override
    public boolean supportsUuidIds() {
      return false;
    }

    @Override
    public boolean supportsCustomIds() {
      return false;
    }

    @Override
    public boolean supportsAnyIds() {
      return false;
    }
  }

  private static final class VertexProperties implements VertexPropertyFeatures {
    @Override
    public boolean supportsNullPropertyValues() {
      return false;
    }

    @Override
    public boolean supportsUserSuppliedIds() {
      return false;
    }

    @Override
    public boolean supportsNumericIds() {
      return false;
    }

    @Override
    public boolean supportsUuidIds() {
      return false;
    }

    @Override
    public boolean supportsCustomIds() {
      return false;
    }

    @Override
    public boolean supportsAnyIds() {
      return false;
    }

    @Override
    public boolean supportsSerializableValues() {
      return false;
    }
  }

  private static final class EdgeProperties implements EdgePropertyFeatures {
    @Override
    public boolean supportsSerializableValues() {
      return false;
    }
  }
}

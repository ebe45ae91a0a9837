package io.ppdb.graph.lang;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.graph.storage.ElementKind;
import io.ppdb.graph.storage.NameKind;
import io.ppdb.graph.storage.NameTable;
import io.ppdb.graph.storage.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.tinkerpop.gremlin.process.traversal.Step;
import org.apache.tinkerpop.gremlin.process.traversal.Traversal;
import org.apache.tinkerpop.gremlin.process.traversal.lambda.TokenTraversal;
import org.apache.tinkerpop.gremlin.process.traversal.lambda.ValueTraversal;
import org.apache.tinkerpop.gremlin.process.traversal.step.filter.FilterStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.filter.RangeGlobalStepContract;
import org.apache.tinkerpop.gremlin.process.traversal.step.filter.TailGlobalStepContract;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.ConstantStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.CountGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.CountLocalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.EdgeOtherVertexStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.EdgeVertexStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.ElementMapStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.GraphStepContract;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.IdStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.LabelStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.MaxGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.MeanGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.MinGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.NoOpBarrierStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.OrderGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.ProjectStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.PropertiesStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.PropertyMapStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.SelectOneStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.SelectStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.SumGlobalStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.map.VertexStepContract;
import org.apache.tinkerpop.gremlin.process.traversal.step.sideEffect.IdentityStep;
import org.apache.tinkerpop.gremlin.process.traversal.step.sideEffect.SideEffectStep;
import org.apache.tinkerpop.gremlin.structure.PropertyType;
import org.apache.tinkerpop.gremlin.structure.T;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from the last steps of a traversal which columns its results have. Looks at the steps
 * as they were written: no strategy has been applied.
 */
final class ColumnAnalysis {
  private final PpdbGraph graph;
  private final NameTable names;

  ColumnAnalysis(PpdbGraph graph) {
    this.graph = graph;
    this.names = graph.store().names();
  }

  ResultShape shape(Traversal.Admin<?, ?> traversal) {
    Step<?, ?> last = lastShaping(traversal.getEndStep());
    if (last instanceof ProjectStep<?, ?> project) {
      return ResultShape.ofMap(columns(project.getProjectKeys(), project.getLocalChildren()));
    }
    if (last instanceof SelectStep<?, ?> select) {
      return ResultShape.ofMap(columns(select.getSelectKeys(), select.getLocalChildren()));
    }
    if (last instanceof ElementMapStep<?, ?> map) {
      return ResultShape.ofElementMap(columns(map.getPropertyKeys()));
    }
    if (last instanceof PropertyMapStep<?, ?> map) {
      return ResultShape.ofPropertyMap(
          columns(map.getPropertyKeys()), map.getIncludedTokens() != 0);
    }
    return ResultShape.ofValue(oneColumn(last));
  }

  /** The step that makes the results, past those that only choose or sort them. */
  private static Step<?, ?> lastShaping(Step<?, ?> end) {
    Step<?, ?> step = end;
    while (step instanceof FilterStep
        || step instanceof RangeGlobalStepContract
        || step instanceof TailGlobalStepContract
        || step instanceof OrderGlobalStep
        || step instanceof IdentityStep
        || step instanceof NoOpBarrierStep
        || step instanceof SideEffectStep) {
      step = step.getPreviousStep();
    }
    return step;
  }

  private List<GremlinColumn> columns(
      List<String> keys, List<? extends Traversal.Admin<?, ?>> modulators) {
    List<GremlinColumn> columns = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      GremlinColumn.Type type =
          modulators.isEmpty()
              ? GremlinColumn.Type.STRING
              : type(modulators.get(i % modulators.size()));
      columns.add(new GremlinColumn(keys.get(i), type));
    }
    return columns;
  }

  /** A column for each of {@code keys}, or for each key that any element has had. */
  private List<GremlinColumn> columns(@Nullable String @Nullable [] keys) {
    List<GremlinColumn> columns = new ArrayList<>();
    if (keys != null && keys.length > 0) {
      for (String key : keys) {
        columns.add(new GremlinColumn(Objects.requireNonNull(key), typeOfKey(key)));
      }
    } else {
      for (int keyId = 1; keyId <= names.maxId(NameKind.PROPERTY_KEY); keyId++) {
        if (usage(keyId) != 0) {
          String key = names.name(NameKind.PROPERTY_KEY, keyId);
          columns.add(new GremlinColumn(key, typeOfKey(key)));
        }
      }
    }
    return columns;
  }

  /** The type of the one value that a modulator makes of each result. */
  private GremlinColumn.Type type(Traversal.Admin<?, ?> traversal) {
    if (traversal instanceof ValueTraversal<?, ?> value) {
      return typeOfKey(value.getPropertyKey());
    }
    if (traversal instanceof TokenTraversal<?, ?> token) {
      return token.getToken() == T.id ? GremlinColumn.Type.BIGINT : GremlinColumn.Type.STRING;
    }
    List<GremlinColumn> columns = shape(traversal).columns();
    return columns.size() == 1 ? columns.get(0).type() : GremlinColumn.Type.STRING;
  }

  private GremlinColumn oneColumn(Step<?, ?> step) {
    if (step instanceof PropertiesStep<?> properties) {
      return ofProperties(properties);
    }
    if (step instanceof CountGlobalStep || step instanceof CountLocalStep) {
      return new GremlinColumn("count", GremlinColumn.Type.BIGINT);
    }
    if (step instanceof IdStep) {
      // Ids of properties are texts.
      boolean ofProperty = lastShaping(step.getPreviousStep()) instanceof PropertiesStep;
      return new GremlinColumn(
          ResultShape.ID, ofProperty ? GremlinColumn.Type.STRING : GremlinColumn.Type.BIGINT);
    }
    if (step instanceof LabelStep) {
      return new GremlinColumn(ResultShape.LABEL, GremlinColumn.Type.STRING);
    }
    if (step instanceof MeanGlobalStep) {
      return new GremlinColumn("mean", GremlinColumn.Type.DOUBLE);
    }
    if (step instanceof SumGlobalStep) {
      GremlinColumn.Type type = oneColumn(lastShaping(step.getPreviousStep())).type();
      boolean integral = type == GremlinColumn.Type.INTEGER;
      return new GremlinColumn("sum", integral ? GremlinColumn.Type.BIGINT : type);
    }
    if (step instanceof MinGlobalStep || step instanceof MaxGlobalStep) {
      String name = step instanceof MinGlobalStep ? "min" : "max";
      return new GremlinColumn(name, oneColumn(lastShaping(step.getPreviousStep())).type());
    }
    if (step instanceof ConstantStep<?, ?> constant) {
      ValueType type = ValueType.of(constant.getConstant());
      return new GremlinColumn("constant", GremlinColumn.typeOf(type == null ? 0 : type.bit()));
    }
    if (step instanceof SelectOneStep<?, ?> select) {
      List<? extends Traversal.Admin<?, ?>> modulators = select.getLocalChildren();
      return new GremlinColumn(
          select.getScopeKeys().iterator().next(),
          modulators.isEmpty() ? GremlinColumn.Type.STRING : type(modulators.get(0)));
    }
    return new GremlinColumn(nameOfElements(step), GremlinColumn.Type.STRING);
  }

  private GremlinColumn ofProperties(PropertiesStep<?> step) {
    String[] keys = step.getPropertyKeys();
    if (step.getReturnType() != PropertyType.VALUE) {
      return new GremlinColumn("property", GremlinColumn.Type.STRING);
    }
    long bits = 0;
    for (String key : keys) {
      bits |= usage(keyId(key));
    }
    return new GremlinColumn(keys.length == 1 ? keys[0] : "value", GremlinColumn.typeOf(bits));
  }

  private static String nameOfElements(Step<?, ?> step) {
    if (step instanceof GraphStepContract<?, ?> start) {
      return start.returnsVertex() ? "vertex" : "edge";
    }
    if (step instanceof VertexStepContract<?> adjacent) {
      return adjacent.returnsVertex() ? "vertex" : "edge";
    }
    return step instanceof EdgeVertexStep || step instanceof EdgeOtherVertexStep
        ? "vertex"
        : "value";
  }

  private GremlinColumn.Type typeOfKey(String key) {
    return GremlinColumn.typeOf(usage(keyId(key)));
  }

  private int keyId(String key) {
    return names.find(NameKind.PROPERTY_KEY, key, graph.session().view());
  }

  private long usage(int keyId) {
    return keyId == NameTable.UNKNOWN
        ? 0
        : names.usage(ElementKind.VERTEX, keyId) | names.usage(ElementKind.EDGE, keyId);
  }
}

package io.ppdb.relational.type;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Calcite's types under {@link PpdbTypeSystem}, with text in UTF-8. */
public final class PpdbTypeFactory extends SqlTypeFactoryImpl {
  public PpdbTypeFactory() {
    super(PpdbTypeSystem.INSTANCE);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName typeName, int precision, int scale) {
    boolean unconstrained =
        typeName == SqlTypeName.DECIMAL && precision >= PpdbTypeSystem.UNCONSTRAINED_PRECISION;
    return super.createSqlType(
        typeName,
        precision,
        unconstrained ? Math.max(scale, PpdbTypeSystem.UNCONSTRAINED_SCALE) : scale);
  }

  /** JSON beside text is JSON, beside anything else nothing in common. */
  @Override
  public @Nullable RelDataType leastRestrictive(
      List<RelDataType> types, SqlTypeMappingRule mappingRule) {
    RelDataType json = null;
    boolean nullable = false;
    boolean others = false;
    for (RelDataType type : types) {
      nullable |= type.isNullable();
      if (type.getSqlTypeName() == SqlTypeName.VARIANT) {
        json = type;
      } else if (type.getSqlTypeName() != SqlTypeName.NULL && !SqlTypeUtil.inCharFamily(type)) {
        others = true;
      }
    }
    if (json == null) {
      return super.leastRestrictive(types, mappingRule);
    }
    return others ? null : createTypeWithNullability(json, nullable);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }
}

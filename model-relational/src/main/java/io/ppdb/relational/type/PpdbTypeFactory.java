package io.ppdb.relational.type;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;

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

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }
}

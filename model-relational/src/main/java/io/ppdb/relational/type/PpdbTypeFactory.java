package io.ppdb.relational.type;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;

/** Calcite's types under {@link PpdbTypeSystem}, with text in UTF-8. */
public final class PpdbTypeFactory extends SqlTypeFactoryImpl {
  public PpdbTypeFactory() {
    super(PpdbTypeSystem.INSTANCE);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }
}

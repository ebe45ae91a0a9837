package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.SqlErrors;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;

/** What is known about the parameters of a prepared statement. Immutable. */
final class PpdbParameterMetaData extends WrapperSupport implements ParameterMetaData {
  private final List<ParameterInfo> parameters;

  PpdbParameterMetaData(List<ParameterInfo> parameters) {
    this.parameters = parameters;
  }

  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  @Override
  public int getParameterType(int parameter) throws SQLException {
    return parameter(parameter).type().jdbcType();
  }

  @Override
  public String getParameterTypeName(int parameter) throws SQLException {
    return parameter(parameter).type().sqlName();
  }

  @Override
  public String getParameterClassName(int parameter) throws SQLException {
    return parameter(parameter).type().objectClass().getName();
  }

  @Override
  public int getPrecision(int parameter) throws SQLException {
    ParameterInfo info = parameter(parameter);
    return info.precision() > 0 ? info.precision() : info.type().defaultPrecision();
  }

  @Override
  public int getScale(int parameter) throws SQLException {
    return parameter(parameter).scale();
  }

  @Override
  public boolean isSigned(int parameter) throws SQLException {
    return parameter(parameter).type().isNumeric();
  }

  @Override
  public int isNullable(int parameter) throws SQLException {
    parameter(parameter);
    return parameterNullableUnknown;
  }

  @Override
  public int getParameterMode(int parameter) throws SQLException {
    parameter(parameter);
    return parameterModeIn;
  }

  private ParameterInfo parameter(int parameter) throws SQLException {
    if (parameter < 1 || parameter > parameters.size()) {
      throw SqlErrors.invalidArgument(
          "parameter index " + parameter + " is not within 1.." + parameters.size());
    }
    return parameters.get(parameter - 1);
  }
}

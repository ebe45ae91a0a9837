package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlErrors;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections to one URL, for frameworks that configure a bean. Set it up, then share it. */
public final class PpdbDataSource extends WrapperSupport implements DataSource {
  private final Properties properties = new Properties();
  private @Nullable String url;
  private @Nullable PrintWriter logWriter;
  private int loginTimeout;

  /** A source without URL. */
  public PpdbDataSource() {}

  public @Nullable String getUrl() {
    return url;
  }

  /** Sets the {@code jdbc:ppdb:…} URL. */
  public void setUrl(String newUrl) {
    url = newUrl;
  }

  public @Nullable String getUser() {
    return properties.getProperty("user");
  }

  public void setUser(String user) {
    properties.setProperty("user", user);
  }

  public void setPassword(String password) {
    properties.setProperty("password", password);
  }

  /** Sets a connection property, one of those that {@link Driver#getPropertyInfo} lists. */
  public void setProperty(String name, String value) {
    properties.setProperty(name, value);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connect(properties);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    Properties withUser = new Properties();
    withUser.putAll(properties);
    withUser.setProperty("user", user);
    withUser.setProperty("password", password);
    return connect(withUser);
  }

  private Connection connect(Properties withUser) throws SQLException {
    String target = url;
    if (!JdbcUrl.isOurs(target)) {
      throw SqlErrors.of("08001", "the data source has no jdbc:ppdb: URL, but " + target);
    }
    return Driver.open(java.util.Objects.requireNonNull(target), withUser);
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter writer) {
    logWriter = writer;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeout;
  }

  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeout = seconds;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("io.ppdb.jdbc");
  }
}

package io.ppdb.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.server.TestServer;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.ConfigurationException;
import io.ppdb.server.config.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections with TLS: what is proved, what is refused, and certificates that change. */
@Timeout(120)
class TlsTest {
  private static final String PASSWORD = "ALTER ROLE ppdb PASSWORD 'geheim'";

  @TempDir Path directory;

  private Configuration configuration;

  @BeforeEach
  void writeCertificate() throws Exception {
    TestCertificate.write(directory, "first");
    configuration =
        TestServer.FREE_PORTS
            .with(Setting.TLS_CERTIFICATE, directory.resolve("server.pem").toString())
            .with(Setting.TLS_KEY, directory.resolve("server.key").toString())
            .with(Setting.TLS_RELOAD, Duration.ZERO);
  }

  private Connection connect(TestServer server, String mode) throws SQLException {
    return server.connect(
        "password",
        "geheim",
        "sslmode",
        mode,
        "sslrootcert",
        directory.resolve("server.pem").toString());
  }

  @Test
  void clientsCanProveWhoTheServerIs() throws SQLException {
    try (TestServer server = TestServer.start(configuration, PASSWORD);
        Connection connection = connect(server, "verify-full");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT repeat('x', 1000000)")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).hasSize(1_000_000);
    }
  }

  @Test
  void clientsThatExpectAnotherServerGoAway() throws Exception {
    try (TestServer server = TestServer.start(configuration, PASSWORD)) {
      Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
      TestCertificate.write(elsewhere, "stranger");
      assertThatThrownBy(
              () ->
                  server
                      .connect(
                          "password",
                          "geheim",
                          "sslmode",
                          "verify-ca",
                          "sslrootcert",
                          elsewhere.resolve("server.pem").toString())
                      .close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("SSL error");
    }
  }

  @Test
  void whereTlsIsRequiredNothingIsSaidInTheClear() throws Exception {
    try (TestServer server =
        TestServer.start(configuration.with(Setting.TLS_REQUIRED, true), PASSWORD)) {
      assertThatThrownBy(() -> connect(server, "disable").close())
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
      assertThatThrownBy(() -> get("http", server)).isInstanceOf(IOException.class);
      assertThat(get("https", server)).isEqualTo(200);
      connect(server, "require").close();
    }
  }

  @Test
  void httpWorksWithAndWithoutTlsWhereItIsNotRequired() throws Exception {
    try (TestServer server = TestServer.start(configuration)) {
      assertThat(get("https", server)).isEqualTo(200);
      assertThat(get("http", server)).isEqualTo(200);
    }
  }

  @Test
  void aServerForOthersStartsWithTlsAndAPassword() throws SQLException {
    Configuration open =
        configuration.with(Setting.TLS_REQUIRED, true).with(Setting.BIND, List.of("0.0.0.0"));
    assertThatThrownBy(() -> TestServer.start(open))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nobody needs a password");
    try (TestServer server = TestServer.start(open, PASSWORD);
        Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:"
                    + server.port("postgres")
                    + "/ppdb?user=ppdb&password=geheim&sslmode=require")) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void newConnectionsUseACertificateThatHasChangedAndOldOnesStay() throws Exception {
    try (TestServer server = TestServer.start(configuration, PASSWORD);
        Connection old = connect(server, "require")) {
      assertThat(subject(server)).isEqualTo("CN=first");
      TestCertificate.write(directory, "second");
      assertThat(subject(server)).isEqualTo("CN=second");
      Files.writeString(directory.resolve("server.pem"), "damaged");
      assertThat(subject(server)).isEqualTo("CN=second");
      TestCertificate.write(directory, "third");
      assertThat(subject(server)).isEqualTo("CN=third");
      assertThat(old.isValid(5)).isTrue();
    }
  }

  @Test
  void filesThatAreNoCertificateAreNamed() throws IOException {
    Files.writeString(directory.resolve("server.key"), "no key");
    assertThatThrownBy(() -> TestServer.start(configuration))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("tls.cert and tls.key")
        .hasMessageContaining("server.key");
  }

  /** Whose certificate a new connection of the HTTP listener is shown. */
  private static String subject(TestServer server) throws IOException, GeneralSecurityException {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new TrustAll()}, null);
    try (Socket socket =
        trusting.getSocketFactory().createSocket("127.0.0.1", server.port("http"))) {
      ((SSLSocket) socket).startHandshake();
      X509Certificate shown =
          (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  private int get(String scheme, TestServer server) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create(scheme + "://localhost:" + server.port("http") + "/health"))
                .timeout(Duration.ofSeconds(10))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  /** Trusts what is in {@code server.pem}. */
  private SSLContext trusting() throws IOException, GeneralSecurityException {
    KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
    known.load(null, null);
    try (InputStream in = Files.newInputStream(directory.resolve("server.pem"))) {
      known.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(known);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

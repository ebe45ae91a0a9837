package io.ppdb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.database.Database;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.ConfigurationException;
import io.ppdb.server.config.Port;
import io.ppdb.server.config.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PpdbServerTest {
  private static final Configuration FREE_PORTS =
      Configuration.DEFAULT.with(Setting.POSTGRES, Port.AUTO).with(Setting.HTTP, Port.AUTO);

  @TempDir Path directory;

  private Database database;

  @BeforeEach
  void open() {
    database = Database.openMemory("server-" + UUID.randomUUID());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static HttpResponse<String> send(
      PpdbServer server, String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://" + server.endpoint("http").orElseThrow().hostAndPort() + path))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void healthAndMetricsAreThere() {
    try (PpdbServer server = PpdbServer.start(database, FREE_PORTS)) {
      assertThat(send(server, "GET", "/health").statusCode()).isEqualTo(200);
      assertThat(send(server, "GET", "/health/live").body()).isEqualTo("{\"status\":\"alive\"}");
      assertThat(send(server, "GET", "/metrics").body())
          .contains("ppdb_connections{protocol=\"http\"}")
          .contains("ppdb_request_seconds_count{command=\"request\"")
          .contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void errorsOfHttpAreProblems() {
    try (PpdbServer server = PpdbServer.start(database, FREE_PORTS)) {
      HttpResponse<String> missing = send(server, "GET", "/no/such?x=1");
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(missing.headers().firstValue("content-type")).hasValue("application/problem+json");
      assertThat(missing.body()).contains("\"detail\":\"there is nothing at /no/such\"");
      HttpResponse<String> method = send(server, "DELETE", "/health");
      assertThat(method.statusCode()).isEqualTo(405);
      assertThat(method.headers().firstValue("allow")).hasValue("GET");
    }
  }

  @Test
  void whoeverAsksForMetricsHasToLogInOnceThereIsAPassword() {
    try (PpdbServer server = PpdbServer.start(database, FREE_PORTS)) {
      database.openSession().execute("ALTER ROLE ppdb PASSWORD 'geheim'");
      assertThat(send(server, "GET", "/metrics").statusCode()).isEqualTo(401);
      for (int i = 0; i < 2; i++) { // the second time the password is known
        assertThat(
                send(server, "GET", "/metrics", "Authorization", basic("ppdb", "geheim"))
                    .statusCode())
            .isEqualTo(200);
        assertThat(
                send(server, "GET", "/metrics", "Authorization", basic("ppdb", "falsch"))
                    .statusCode())
            .isEqualTo(401);
      }
      assertThat(
              send(server, "GET", "/metrics", "Authorization", basic("nobody", "x")).statusCode())
          .isEqualTo(401);
      assertThat(send(server, "GET", "/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anAddressThatFailsTooOftenIsRefused() {
    database.openSession().execute("CREATE ROLE anna LOGIN PASSWORD 'geheim'");
    try (PpdbServer server =
        PpdbServer.start(database, FREE_PORTS.with(Setting.FAILED_LOGINS, 3))) {
      for (int i = 0; i < 3; i++) {
        assertThat(
                send(server, "GET", "/metrics", "Authorization", basic("anna", "x")).statusCode())
            .isEqualTo(401);
      }
      assertThat(
              send(server, "GET", "/metrics", "Authorization", basic("anna", "geheim"))
                  .statusCode())
          .isEqualTo(429);
    }
  }

  @Test
  void aServerThatOthersReachNeedsTlsAndAPassword() {
    Configuration open = FREE_PORTS.with(Setting.BIND, List.of("127.0.0.1", "0.0.0.0"));
    assertThatThrownBy(() -> PpdbServer.start(database, open))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("protected mode: 0.0.0.0 is reached from other machines")
        .hasMessageContaining("cert = \"server.pem\"")
        .hasMessageContaining("ALTER ROLE ppdb PASSWORD");
    database.openSession().execute("ALTER ROLE ppdb PASSWORD 'geheim'");
    assertThatThrownBy(() -> PpdbServer.start(database, open))
        .hasMessageContaining("TLS is not required of clients")
        .hasMessageNotContaining("ALTER ROLE");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    try (PpdbServer server = PpdbServer.start(database, FREE_PORTS)) {
      int taken = server.endpoint("postgres").orElseThrow().port();
      assertThatThrownBy(
              () -> PpdbServer.start(database, FREE_PORTS.with(Setting.HTTP, Port.of(taken))))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("cannot listen for http at 127.0.0.1:" + taken);
    }
  }

  @Test
  void loginsAndDefinitionsAreWrittenDown() throws Exception {
    Path log = directory.resolve("audit.log");
    try (PpdbServer server =
            PpdbServer.start(database, FREE_PORTS.with(Setting.AUDIT_LOG, log.toString()));
        var connection =
            DriverManager.getConnection(
                "jdbc:postgresql://"
                    + server.endpoint("postgres").orElseThrow().hostAndPort()
                    + "/ppdb?user=ppdb");
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE anna LOGIN PASSWORD 'geheim'");
    }
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("\"event\":\"login\"", "\"outcome\":\"ok\"");
    assertThat(lines.get(1))
        .contains("\"action\":\"CREATE ROLE\"", "\"role\":\"ppdb\"")
        .doesNotContain("geheim");
  }
}

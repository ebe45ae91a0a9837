package io.ppdb.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every listener by what somebody shows of themselves and by what they ask for. A protocol that
 * comes adds itself to {@link Listener}: for all that it offers, the table is the same.
 */
@Timeout(120)
class AccessTest {
  /** Who somebody says they are, and how they show it. */
  enum Caller {
    /** A role that has a password, without one. */
    WITHOUT_CREDENTIALS("reader", null),
    /** Nobody the database knows. */
    UNKNOWN("nobody", "right"),
    WRONG_PASSWORD("reader", "wrong"),
    /** The owner, who would be trusted from this machine if no password were set. */
    OWNER_WITHOUT_CREDENTIALS("ppdb", null),
    /** A role that has a password and may not log in. */
    NO_LOGIN("outsider", "right"),
    EXPIRED("expired", "right"),
    WITHOUT_GRANTS("guest", "right"),
    READER("reader", "right"),
    WRITER("writer", "right"),
    DEFINER("definer", "right"),
    OWNER("ppdb", "right");

    final String role;
    final @Nullable String password;

    Caller(String role, @Nullable String password) {
      this.role = role;
      this.password = password;
    }

    /** Whether it is one whom the gate lets in. */
    boolean isKnown() {
      return switch (this) {
        case WITHOUT_GRANTS, READER, WRITER, DEFINER, OWNER -> true;
        default -> false;
      };
    }
  }

  /** What somebody asks for. */
  enum Operation {
    READ,
    WRITE,
    DEFINE,
    ADMINISTER,
    /** What shows nothing of the data. */
    OBSERVE;

    /** Whether it is for a caller who has been let in. */
    boolean isFor(Caller caller) {
      return switch (this) {
        case READ -> caller != Caller.WITHOUT_GRANTS && caller != Caller.DEFINER;
        case WRITE -> caller == Caller.WRITER || caller == Caller.OWNER;
        case DEFINE -> caller == Caller.DEFINER || caller == Caller.OWNER;
        case ADMINISTER -> caller == Caller.OWNER;
        case OBSERVE -> true;
      };
    }
  }

  /** What came of it. */
  enum Outcome {
    DONE,
    NOT_LET_IN,
    NOT_ALLOWED
  }

  /** A way in. */
  enum Listener {
    POSTGRES {
      @Override
      Set<Operation> operations() {
        return EnumSet.complementOf(EnumSet.of(Operation.OBSERVE));
      }

      @Override
      Outcome ask(TestServer server, Caller caller, Operation operation) {
        return postgres(server, caller, operation);
      }
    },
    HTTP {
      @Override
      Set<Operation> operations() {
        return EnumSet.of(Operation.OBSERVE);
      }

      @Override
      Outcome ask(TestServer server, Caller caller, Operation operation)
          throws IOException, InterruptedException {
        return http(server, caller);
      }
    };

    /** What it offers. */
    abstract Set<Operation> operations();

    abstract Outcome ask(TestServer server, Caller caller, Operation operation)
        throws IOException, InterruptedException;
  }

  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            TestServer.FREE_PORTS,
            "CREATE TABLE data (a integer PRIMARY KEY)",
            "INSERT INTO data VALUES (1)",
            "CREATE SCHEMA drafts",
            "CREATE ROLE reader LOGIN PASSWORD 'right'",
            "CREATE ROLE writer LOGIN PASSWORD 'right'",
            "CREATE ROLE definer LOGIN PASSWORD 'right'",
            "CREATE ROLE guest LOGIN PASSWORD 'right'",
            "CREATE ROLE outsider NOLOGIN PASSWORD 'right'",
            "CREATE ROLE expired LOGIN PASSWORD 'right' VALID UNTIL '2020-01-01'",
            "GRANT SELECT ON data TO reader",
            "GRANT SELECT, UPDATE ON data TO writer",
            "GRANT CREATE, USAGE ON SCHEMA drafts TO definer",
            "ALTER ROLE ppdb PASSWORD 'right'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Arguments> table() {
    List<Arguments> rows = new ArrayList<>();
    for (Listener listener : Listener.values()) {
      for (Caller caller : Caller.values()) {
        for (Operation operation : listener.operations()) {
          rows.add(Arguments.of(listener, caller, operation));
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("table")
  void eachCallerGetsWhatTheyMay(Listener listener, Caller caller, Operation operation)
      throws Exception {
    Outcome expected =
        !caller.isKnown()
            ? Outcome.NOT_LET_IN
            : operation.isFor(caller) ? Outcome.DONE : Outcome.NOT_ALLOWED;
    assertThat(listener.ask(server, caller, operation)).isEqualTo(expected);
  }

  private static Outcome postgres(TestServer server, Caller caller, Operation operation) {
    Properties properties = new Properties();
    properties.setProperty("user", caller.role);
    if (caller.password != null) {
      properties.setProperty("password", caller.password);
    }
    String url = "jdbc:postgresql://" + server.hostAndPort("postgres") + "/ppdb";
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement()) {
      try {
        statement.execute(statementOf(operation));
        return Outcome.DONE;
      } catch (SQLException e) {
        assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501");
        return Outcome.NOT_ALLOWED;
      }
    } catch (SQLException e) {
      // 08004 is the driver's own: it has no password to answer with.
      assertThat(e.getSQLState()).as(e.getMessage()).isIn("28P01", "08004");
      return Outcome.NOT_LET_IN;
    }
  }

  private static String statementOf(Operation operation) {
    return switch (operation) {
      case READ, OBSERVE -> "SELECT a FROM data";
      case WRITE -> "UPDATE data SET a = a";
      case DEFINE -> "CREATE TABLE drafts.t" + System.nanoTime() + " (a integer)";
      case ADMINISTER -> "CREATE ROLE r" + System.nanoTime();
    };
  }

  private static Outcome http(TestServer server, Caller caller)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + server.hostAndPort("http") + "/metrics"));
    if (caller.password != null) {
      String pair = caller.role + ":" + caller.password;
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    HttpResponse<Void> response =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding());
    return switch (response.statusCode()) {
      case 200 -> Outcome.DONE;
      case 401 -> Outcome.NOT_LET_IN;
      case 403 -> Outcome.NOT_ALLOWED;
      default -> throw new AssertionError("status " + response.statusCode());
    };
  }
}

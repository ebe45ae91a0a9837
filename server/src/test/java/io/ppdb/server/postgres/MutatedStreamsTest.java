package io.ppdb.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ppdb.server.TestServer;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.AssertionFailedError;
import org.slf4j.LoggerFactory;

/**
 * Streams of messages that were changed at random. Whatever comes, the server answers in whole
 * messages, with errors that are defined ones, ends the connection when its client does, keeps
 * nothing of it, and serves others.
 */
class MutatedStreamsTest {
  /** 20,000; with {@code ppdb.effort} above 1 half a million. */
  private static final int STREAMS = Integer.getInteger("ppdb.effort", 1) > 1 ? 500_000 : 20_000;

  private static final long SEED = 20261124;
  private static final int THREADS = 24;

  /** After which a client that hears nothing says that it is done. */
  private static final int SILENCE_MILLIS = 40;

  /** After which a server that has not ended the connection then hangs. */
  private static final int HANG_MILLIS = 20_000;

  private static final String[] USER = {"user", "ppdb", "database", "ppdb"};

  /** Streams as clients send them. */
  private static final List<byte[]> WELL_FORMED =
      List.of(
          new FrontendMessages()
              .startup("user", "ppdb", "application_name", "x", "DateStyle", "ISO")
              .query("SELECT 1, 'a', NULL; SELECT count(*) FROM t")
              .query("INSERT INTO t VALUES (1, 'x') ON CONFLICT DO NOTHING")
              .query("BEGIN; SELECT 1/0")
              .query("ROLLBACK")
              .toBytes(),
          new FrontendMessages()
              .startup(USER)
              .parse("s", "SELECT a, b FROM t WHERE a > $1 AND b <> $2 ORDER BY a", 23)
              .describe('S', "s")
              .bind("p", "s", 1, "0", "zz")
              .describe('P', "p")
              .execute("p", 2)
              .execute("p", 0)
              .close('P', "p")
              .close('S', "s")
              .empty('S')
              .toBytes(),
          new FrontendMessages()
              .startup(USER)
              .parse("", "UPDATE t SET b = $1 WHERE a = $2")
              .bind("", "", 0, "y", "1")
              .execute("", 0)
              .empty('H')
              .empty('S')
              .parse("", "SELECT 1::numeric(10,2), DATE '2020-01-01', ARRAY[1,2], 'x'::bytea")
              .bind("", "", 1)
              .describe('P', "")
              .execute("", 0)
              .empty('S')
              .toBytes(),
          new FrontendMessages()
              .startup(USER)
              .query("COPY c FROM STDIN WITH (FORMAT csv)")
              .copyData("1,one\n2,two\n")
              .copyData("3,\"th\"\"ree\"\n")
              .empty('c')
              .query("COPY c TO STDOUT WITH (FORMAT csv)")
              .query("COPY c FROM STDIN WITH (FORMAT csv)")
              .copyFail("no more")
              .query("TRUNCATE c")
              .toBytes(),
          new FrontendMessages()
              .startup(USER)
              .query("LISTEN ch; NOTIFY ch, 'hello'")
              .query("SET TimeZone TO 'UTC'; SHOW TimeZone")
              .query("SELECT generate_series(1, 300)")
              .empty('X')
              .toBytes(),
          new FrontendMessages().request(FrontendDecoder.SSL_REQUEST).toBytes(),
          new FrontendMessages().request(FrontendDecoder.CANCEL_REQUEST, 1, 2).toBytes());

  @Test
  @Timeout(1800)
  void noStreamCrashesTheServerOrHangsIt() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger("io.ppdb.server");
    logger.addAppender(log);
    try (TestServer server = TestServer.start()) {
      try (Connection connection = server.connect()) {
        run(connection, "CREATE TABLE t (a integer PRIMARY KEY, b text)");
        run(connection, "CREATE TABLE c (a integer, b text)");
        run(connection, "INSERT INTO t SELECT g, 'v' || g FROM generate_series(1, 10) AS g");
      }
      sendAll(server, 0, STREAMS / 10); // until buffers and caches have their size
      long before = usedBytes();
      sendAll(server, STREAMS / 10, STREAMS);
      long after = usedBytes();
      assertThat(after - before).as("growth of the heap in bytes").isLessThan(24L << 20);
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT 42")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(42);
      }
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .as("errors that the server did not expect")
        .isEmpty();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long usedBytes() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static void sendAll(TestServer server, int from, int to) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = from + i;
        tasks.add(
            () -> {
              for (int stream = first; stream < to; stream += THREADS) {
                send(server, stream);
              }
              return null;
            });
      }
      for (Future<Void> each : threads.invokeAll(tasks)) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void send(TestServer server, int number) {
    byte[] stream = stream(number);
    try {
      exchange(server.port("postgres"), stream);
    } catch (IOException | AssertionError e) {
      throw new AssertionFailedError(
          "stream " + number + " of seed " + SEED + ": " + printable(stream), e);
    }
  }

  private static byte[] stream(int number) {
    Random random = new Random(SEED + number);
    byte[] bytes = WELL_FORMED.get(random.nextInt(WELL_FORMED.size())).clone();
    int changes = random.nextInt(4); // none now and then
    for (int i = 0; i < changes; i++) {
      bytes = mutated(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(12), bytes.length - at);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 3 -> { // left out
        byte[] shorter = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, shorter, 0, at);
        System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
        return shorter;
      }
      case 4 -> { // twice
        byte[] longer = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, longer, 0, at + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
      }
      default -> { // from another stream
        byte[] other = WELL_FORMED.get(random.nextInt(WELL_FORMED.size()));
        int start = random.nextInt(other.length);
        int count = Math.min(length, other.length - start);
        System.arraycopy(other, start, bytes, at, Math.min(count, bytes.length - at));
      }
    }
    return bytes;
  }

  /** Sends a stream and reads all that is answered, until the server ends the connection. */
  private static void exchange(int port, byte[] stream) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      byte[] answer = new byte[0];
      try {
        socket.getOutputStream().write(stream);
        socket.setSoTimeout(SILENCE_MILLIS);
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[16 << 10];
        boolean done = false;
        while (true) {
          int count;
          try {
            count = in.read(buffer);
          } catch (SocketTimeoutException e) {
            if (done) {
              throw new AssertionError("the server keeps a connection whose client has gone", e);
            }
            done = true;
            socket.shutdownOutput();
            socket.setSoTimeout(HANG_MILLIS);
            continue;
          }
          if (count < 0) {
            break;
          }
          int end = answer.length;
          answer = Arrays.copyOf(answer, end + count);
          System.arraycopy(buffer, 0, answer, end, count);
        }
      } catch (SocketException e) {
        return; // closed by the server amid what it was sent; the answer may be lost with it
      }
      checkAnswer(answer);
    }
  }

  /** Whole messages, whose errors are defined ones. */
  private static void checkAnswer(byte[] answer) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer));
    while (in.available() > 0) {
      byte type = in.readByte();
      if ((type == 'N' || type == 'S') && in.available() == 0) {
        return; // the answer to a request for encryption
      }
      in.mark(4);
      int length = in.readInt();
      if (type == 'N' && (length < 4 || length > 1 << 16)) {
        in.reset(); // that answer, before others
        continue;
      }
      if (length < 4 || length - 4 > in.available()) {
        return; // cut off, as the client had gone
      }
      byte[] body = in.readNBytes(length - 4);
      assertThat("RKSZCTD1235nIstGHdcAENvW".indexOf(type))
          .as("type of message %s", (char) type)
          .isNotNegative();
      if (type == 'E') {
        String fields = new String(body, StandardCharsets.UTF_8);
        assertThat(fields).as("an error of the server itself").doesNotContain("\0CXX");
        assertThat(fields).contains("\0C").contains("\0M");
      }
    }
  }

  private static String printable(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      if (each >= ' ' && each < 127 && each != '\\') {
        text.append((char) each);
      } else {
        text.append(String.format("\\x%02x", each));
      }
    }
    return text.toString();
  }
}

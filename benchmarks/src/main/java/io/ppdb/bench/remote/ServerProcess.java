package io.ppdb.bench.remote;

import io.ppdb.bench.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A database server that runs for the time of a suite, at a free port of this machine. */
final class ServerProcess implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /** Who PostgreSQL runs as if this program runs as root, which it refuses to. */
  private static final String OTHER_USER = "nobody";

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /**
   * Starts PPDB's server on an empty database.
   *
   * @param jar the program
   */
  static ServerProcess ppdb(Path jar, Path folder) throws IOException {
    if (!Files.exists(jar)) {
      throw new BenchException("suite oltp --remote needs the server, which is not at " + jar);
    }
    Path data = Files.createDirectories(folder.resolve("data"));
    Path configuration = folder.resolve("server.toml");
    int port = freePort();
    Files.writeString(configuration, "[listen]\npostgres = " + port + "\nhttp = 0\n");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms1g",
            "-Xmx4g",
            "-jar",
            jar.toString(),
            "server",
            "--data",
            data.toString(),
            "--config",
            configuration.toString());
    return started(command, folder, port);
  }

  /** Starts the newest PostgreSQL that is installed on an empty cluster; empty if there is none. */
  static Optional<ServerProcess> postgres(Path folder) throws IOException {
    Optional<Path> programs = postgresPrograms();
    if (programs.isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectories(folder);
    Path data = folder.resolve("data");
    int port = freePort();
    List<String> prefix = List.of();
    if (System.getProperty("user.name").equals("root")) {
      prefix = List.of("setpriv", "--reuid", OTHER_USER, "--clear-groups");
      Path parent = folder.getParent();
      if (parent != null) {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
      }
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OTHER_USER));
    }
    run(
        folder,
        prefix,
        programs.get().resolve("initdb").toString(),
        "--pgdata=" + data,
        "--username=ppdb",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C");
    List<String> command = new ArrayList<>(prefix);
    command.add(programs.get().resolve("postgres").toString());
    command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    command.addAll(List.of("-k", "", "-h", "127.0.0.1", "-c", "shared_buffers=1GB"));
    return Optional.of(started(command, folder, port));
  }

  private static Optional<Path> postgresPrograms() throws IOException {
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
          .max(Path::compareTo);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void run(Path folder, List<String> prefix, String... words) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output = String.join("\n", reader.lines().toList());
      if (process.waitFor() != 0) {
        throw new BenchException(words[0] + " failed: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while " + words[0] + " ran", e);
    }
  }

  /** Starts a server and waits until somebody answers at its port. */
  private static ServerProcess started(List<String> command, Path folder, int port)
      throws IOException {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    ServerProcess server = new ServerProcess(process, port);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return server;
      } catch (IOException e) {
        pause();
      }
    }
    server.close();
    throw new BenchException(command + " does not serve: " + Files.readString(log));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while a server started", e);
    }
  }

  /** Ends the server and waits for it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(30, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}

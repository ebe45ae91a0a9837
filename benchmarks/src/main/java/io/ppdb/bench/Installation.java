package io.ppdb.bench;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the build put this program and the libraries of each side.
 *
 * <pre>
 * HOME/benchmarks.jar      this program
 * HOME/lib/SIDE/*.jar      what side SIDE runs on: ppdb, rocksdb, h2, …
 * HOME/work/               scratch space, on the same disk, emptied after use
 * </pre>
 *
 * @param program jar or class folder of this program
 * @param home the folder it lies in
 */
public record Installation(Path program, Path home) {
  static Installation ofThisProgram() {
    try {
      Path program =
          Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path home = program.getParent();
      if (home == null) {
        throw new BenchException("bench runs from " + program + ", which has no parent folder");
      }
      return new Installation(program, home);
    } catch (URISyntaxException e) {
      throw new BenchException("cannot locate this program", e);
    }
  }

  /** Whether the libraries of {@code side} are there; null is a side that needs none. */
  public boolean has(@Nullable String side) {
    return side == null || Files.isDirectory(libraries(side));
  }

  /** The class path of a JVM that runs {@code side} and no other; null is one without libraries. */
  String classPath(@Nullable String side) {
    return side == null
        ? program.toString()
        : program + File.pathSeparator + libraries(side).resolve("*");
  }

  private Path libraries(String side) {
    return home.resolve("lib").resolve(side);
  }
}

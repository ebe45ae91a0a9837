package io.ppdb.hbase;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads what of kv-hbase names classes of HBase and Omid, together with their libraries, and shares
 * with the rest of PPDB only the key-value contract.
 *
 * <p>Their libraries are old ones (Guava, protobuf, Netty of other versions than PPDB's), and must
 * neither be seen by the rest nor see it. So this loader asks nobody but the JDK, save for the
 * classes of the contract and, if the program has it, slf4j, through which HBase logs.
 */
final class LibraryLoader extends URLClassLoader {
  /** Where the libraries are, if not beside the program. */
  static final String DIRECTORY_PROPERTY = "ppdb.hbase.libraries";

  private static final List<String> SHARED =
      List.of("io.ppdb.kv.", "org.jspecify.annotations.", "org.slf4j.");

  private static final String LOGGING = "log4j.properties";

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader program = LibraryLoader.class.getClassLoader();

  private LibraryLoader(URL[] urls) {
    super("hbase", urls, ClassLoader.getPlatformClassLoader());
  }

  /** A loader with all jars of {@code directory}. */
  static LibraryLoader of(Path directory) {
    List<URL> urls = new ArrayList<>();
    urls.add(ownClasses());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".jar")) {
          urls.add(url(file));
        }
      }
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.UNAVAILABLE,
          "the libraries of HBase are not in "
              + directory.toAbsolutePath()
              + "; -D"
              + DIRECTORY_PROPERTY
              + "=DIR names another directory",
          e);
    }
    return new LibraryLoader(urls.toArray(URL[]::new));
  }

  /** The jar or directory that has this class. */
  static URL ownClasses() {
    return LibraryLoader.class.getProtectionDomain().getCodeSource().getLocation();
  }

  /**
   * The directory of the libraries: the one that {@value #DIRECTORY_PROPERTY} names, else {@code
   * hbase} beside the jar of this class, else where the build has put them.
   */
  static Path directory() {
    String named = System.getProperty(DIRECTORY_PROPERTY);
    if (named != null) {
      return Path.of(named);
    }
    Path own;
    try {
      own = Path.of(ownClasses().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the classes of kv-hbase lie nowhere", e);
    }
    Path beside = own.resolveSibling("hbase");
    return Files.isDirectory(beside)
        ? beside
        : own.resolveSibling("../libraries/target/client").normalize();
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("no URL for " + file, e);
    }
  }

  /** Some of the libraries log by log4j, which asks for its settings and gets those of kv-hbase. */
  @Override
  public @Nullable URL findResource(String name) {
    return name.equals(LOGGING)
        ? LibraryLoader.class.getResource(LOGGING)
        : super.findResource(name);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    for (String prefix : SHARED) {
      if (name.startsWith(prefix)) {
        try {
          return program.loadClass(name);
        } catch (ClassNotFoundException e) {
          break; // a program without slf4j: HBase's own
        }
      }
    }
    return super.loadClass(name, resolve);
  }
}

package io.ppdb.server.security;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.ConfigurationException;
import io.ppdb.server.config.Setting;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate and key, read again when their files change: new connections use what is
 * there, old ones stay. Files that cannot be used, once there was a usable pair, are told in the
 * log and not used. Thread-safe.
 */
public final class TlsCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(TlsCertificates.class);
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private final File certificate;
  private final File key;
  private final long reloadNanos;

  private volatile SslContext context;
  private long stamp;
  private long checkedNanos = System.nanoTime();

  private TlsCertificates(File certificate, File key, long reloadNanos) {
    this.certificate = certificate;
    this.key = key;
    this.reloadNanos = reloadNanos;
    this.stamp = stamp();
    try {
      this.context = read();
    } catch (IOException | RuntimeException e) {
      throw new ConfigurationException(
          "tls.cert and tls.key: "
              + certificate
              + " and "
              + key
              + " cannot be used: "
              + rootMessage(e),
          e);
    }
  }

  /** The certificates of a configuration; empty if it has none. */
  public static Optional<TlsCertificates> of(Configuration configuration) {
    String certificate = configuration.get(Setting.TLS_CERTIFICATE);
    String key = configuration.get(Setting.TLS_KEY);
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new ConfigurationException(
          "tls.cert and tls.key belong together; tls."
              + (certificate.isEmpty() ? "cert" : "key")
              + " is missing");
    }
    if (certificate.isEmpty()) {
      if (configuration.get(Setting.TLS_REQUIRED)) {
        throw new ConfigurationException("tls.required needs tls.cert and tls.key");
      }
      return Optional.empty();
    }
    return Optional.of(
        new TlsCertificates(
            new File(certificate),
            new File(key),
            TimeUnit.MILLISECONDS.toNanos(configuration.get(Setting.TLS_RELOAD).toMillis())));
  }

  /** What a new connection uses. */
  public SslContext context() {
    reloadIfDue();
    return context;
  }

  private synchronized void reloadIfDue() {
    long now = System.nanoTime();
    if (now - checkedNanos < reloadNanos) {
      return;
    }
    checkedNanos = now;
    long seen = stamp();
    if (seen == stamp) {
      return;
    }
    try {
      context = read();
      stamp = seen;
      LOG.info("certificate {} was read again", certificate);
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "certificate {} has changed and cannot be used, the old one stays: {}",
          certificate,
          rootMessage(e));
    }
  }

  private SslContext read() throws SSLException {
    return SslContextBuilder.forServer(certificate, key).protocols(PROTOCOLS).build();
  }

  /** Changes when one of the files does. */
  private long stamp() {
    return 31 * stamp(certificate.toPath()) + stamp(key.toPath());
  }

  private static long stamp(Path file) {
    try {
      return 31 * Files.getLastModifiedTime(file).toMillis() + Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static String rootMessage(Throwable e) {
    @Nullable Throwable cause = e.getCause();
    return cause == null ? String.valueOf(e.getMessage()) : rootMessage(cause);
  }
}

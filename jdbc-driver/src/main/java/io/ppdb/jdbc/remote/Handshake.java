package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.SqlErrors;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The way to a session: a socket, encryption, the login. */
final class Handshake {
  private static final int VERSION_3 = 3 << 16;
  private static final int SSL_REQUEST = 80877103;
  private static final int CANCEL_REQUEST = 80877102;

  private static final int CONNECT_SECONDS = 10;

  private Handshake() {}

  /** A connection on which the server can be told who calls. */
  static Wire open(RemoteUrl target) throws SQLException {
    Socket socket = new Socket();
    try {
      int timeout = target.millis("connectTimeout", CONNECT_SECONDS);
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(new InetSocketAddress(target.host(), target.port()), timeout);
      socket.setSoTimeout(timeout);
      Wire wire = new Wire(socket);
      encrypt(wire, target);
      return wire;
    } catch (IOException e) {
      closeQuietly(socket);
      String reason = e instanceof UnknownHostException ? "the host is unknown" : e.getMessage();
      throw SqlErrors.of("08001", 0, "no connection to " + target + ": " + reason, e);
    } catch (SQLException | RuntimeException e) {
      closeQuietly(socket);
      throw e;
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // What is wrong is said already.
    }
  }

  private static void encrypt(Wire wire, RemoteUrl target) throws SQLException, IOException {
    String mode = target.property("sslmode", "prefer");
    switch (mode) {
      case "disable":
        return;
      case "prefer":
      case "require":
      case "verify-ca":
      case "verify-full":
        break;
      default:
        throw SqlErrors.of(
            "08001",
            "property sslmode: expected disable, prefer, require, verify-ca or verify-full, seen '"
                + mode
                + "'");
    }
    wire.beginUntyped();
    wire.writeInt(SSL_REQUEST);
    wire.end();
    wire.flush();
    if (wire.peek() == 'E') {
      wire.read();
      throw ServerErrors.read(wire);
    }
    char answer = wire.readLetter();
    if (answer == 'N' && mode.equals("prefer")) {
      return;
    }
    if (answer != 'S' || wire.hasReceived()) {
      throw SqlErrors.of("08001", "the server at " + target + " does not speak TLS");
    }
    try {
      SSLSocket encrypted =
          (SSLSocket)
              context(mode, target)
                  .getSocketFactory()
                  .createSocket(wire.socket(), target.host(), target.port(), true);
      if (mode.equals("verify-full")) {
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
      }
      encrypted.startHandshake();
      wire.continueOver(encrypted);
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static SSLContext context(String mode, RemoteUrl target)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    if (!mode.startsWith("verify")) {
      context.init(null, new TrustManager[] {new TrustEverybody()}, null);
      return context;
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    String file = target.property("sslrootcert", "");
    if (file.isEmpty()) {
      trust.init((KeyStore) null); // those that Java trusts
    } else {
      KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
      known.load(null, null);
      int number = 0;
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          known.setCertificateEntry("certificate" + number++, each);
        }
      }
      trust.init(known);
    }
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Lets what a session does at the moment fail; returns when the server has taken note of it. */
  static void cancel(RemoteUrl target, int processId, int secret) throws SQLException {
    Wire wire = open(target);
    try {
      wire.beginUntyped();
      wire.writeInt(CANCEL_REQUEST);
      wire.writeInt(processId);
      wire.writeInt(secret);
      wire.end();
      wire.flush();
      wire.readLetter(); // nothing comes but the end
    } catch (SQLException e) {
      // The end.
    } finally {
      wire.close();
    }
  }

  /** Says who calls, and shows it if the server asks. */
  static void logIn(Wire wire, RemoteUrl target, String... settings) throws SQLException {
    wire.beginUntyped();
    wire.writeInt(VERSION_3);
    wire.writeText("user");
    wire.writeText(target.user());
    wire.writeText("database");
    wire.writeText(target.database());
    for (String each : settings) {
      wire.writeText(each);
    }
    wire.writeByte(0);
    wire.end();
    wire.flush();
    Scram scram = new Scram(target.password());
    while (true) {
      char type = wire.read();
      if (type == 'E') {
        SQLException refused = ServerErrors.read(wire);
        wire.close();
        throw refused;
      }
      if (type != 'R') {
        throw wire.violated("a message '" + type + "' amid the login");
      }
      try {
        if (answered(wire, scram)) {
          return;
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        wire.close();
        throw SqlErrors.of("28000", 0, "the login failed: " + e.getMessage(), e);
      }
    }
  }

  /** Answers a message of the login; whether it is over. */
  private static boolean answered(Wire wire, Scram scram)
      throws SQLException, GeneralSecurityException {
    int code = wire.readInt();
    switch (code) {
      case 0:
        return true;
      case 10:
        String mechanisms = new String(wire.readRest(), StandardCharsets.UTF_8);
        if (!("\0" + mechanisms).contains("\0" + Scram.MECHANISM + "\0")) {
          throw new GeneralSecurityException("the server does not speak " + Scram.MECHANISM);
        }
        byte[] first = scram.first().getBytes(StandardCharsets.UTF_8);
        wire.begin('p');
        wire.writeText(Scram.MECHANISM);
        wire.writeInt(first.length);
        wire.writeBytes(first);
        wire.end();
        wire.flush();
        return false;
      case 11:
        wire.begin('p');
        wire.writeBytes(
            scram
                .last(new String(wire.readRest(), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
        wire.end();
        wire.flush();
        return false;
      case 12:
        scram.verify(new String(wire.readRest(), StandardCharsets.UTF_8));
        return false;
      default:
        throw new GeneralSecurityException(
            "the server asks for a login of a kind (" + code + ") that this driver does not have");
    }
  }

  /** For who asks for encryption, but not for whom they talk to. */
  private static final class TrustEverybody implements X509TrustManager {
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

package io.ppdb.jdbc.remote;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. */
final class Scram {
  static final String MECHANISM = "SCRAM-SHA-256";

  private static final String HMAC = "HmacSHA256";
  private static final int MAX_ITERATIONS = 10_000_000;

  private final String password;
  private final String firstBare;
  private final String nonce;
  private byte[] serverSignature = new byte[0];

  Scram(String password) {
    this.password = password;
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    nonce = Base64.getEncoder().encodeToString(random);
    firstBare = "n=,r=" + nonce;
  }

  String first() {
    return "n,," + firstBare;
  }

  /** The client's last message, in answer to the server's first. */
  String last(String serverFirst) throws GeneralSecurityException {
    String fullNonce = field(serverFirst, 'r');
    if (!fullNonce.startsWith(nonce) || fullNonce.length() == nonce.length()) {
      throw new GeneralSecurityException("the server answers somebody else");
    }
    byte[] salt = Base64.getDecoder().decode(field(serverFirst, 's'));
    int iterations = Integer.parseInt(field(serverFirst, 'i'));
    if (iterations < 1 || iterations > MAX_ITERATIONS) {
      throw new GeneralSecurityException("the server asks for " + iterations + " iterations");
    }
    byte[] salted = salted(salt, iterations);
    byte[] clientKey = hmac(salted, "Client Key");
    byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
    String withoutProof = "c=biws,r=" + fullNonce;
    String message = firstBare + "," + serverFirst + "," + withoutProof;
    byte[] proof = hmac(storedKey, message);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    serverSignature = hmac(hmac(salted, "Server Key"), message);
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /** Checks that the server knows the password, too. */
  void verify(String serverLast) throws GeneralSecurityException {
    byte[] signature = Base64.getDecoder().decode(field(serverLast, 'v'));
    if (!MessageDigest.isEqual(signature, serverSignature)) {
      throw new GeneralSecurityException("the server does not know the password");
    }
  }

  private byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
    String normal = Normalizer.normalize(password, Normalizer.Form.NFKC);
    return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
        .generateSecret(new PBEKeySpec(normal.toCharArray(), salt, iterations, 256))
        .getEncoded();
  }

  private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(key, HMAC));
    return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
  }

  private static String field(String message, char name) throws GeneralSecurityException {
    for (String each : message.split(",", -1)) {
      if (each.length() > 1 && each.charAt(0) == name && each.charAt(1) == '=') {
        return each.substring(2);
      }
    }
    throw new GeneralSecurityException("the server's message has no " + name + ": " + message);
  }
}

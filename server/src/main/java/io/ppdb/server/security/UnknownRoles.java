package io.ppdb.server.security;

import io.ppdb.relational.access.ScramVerifier;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifiers of roles that are not there: with a salt that is the same whenever a name is tried, so
 * that it tells nothing, and keys that no password has. Thread-safe.
 */
final class UnknownRoles {
  private static final int SALT_BYTES = 16;
  private static final int ITERATIONS = 4096;

  private final byte[] secret = new byte[32];

  UnknownRoles() {
    new SecureRandom().nextBytes(secret);
  }

  ScramVerifier verifier(String role) {
    Base64.Encoder encoder = Base64.getEncoder();
    byte[] salt = new byte[SALT_BYTES];
    System.arraycopy(hash("salt", role), 0, salt, 0, SALT_BYTES);
    return ScramVerifier.parse(
        "SCRAM-SHA-256$"
            + ITERATIONS
            + ":"
            + encoder.encodeToString(salt)
            + "$"
            + encoder.encodeToString(hash("stored", role))
            + ":"
            + encoder.encodeToString(hash("server", role)));
  }

  private byte[] hash(String purpose, String role) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(Gate.utf8(purpose));
      mac.update((byte) 0);
      return mac.doFinal(Gate.utf8(role));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}

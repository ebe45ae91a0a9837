package io.ppdb.server.security;

import io.ppdb.relational.access.ScramVerifier;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Passwords that were found right a moment ago, by a keyed hash that only this process can make: a
 * request with a password costs thousands of hashes only now and then. A role's new password has
 * another verifier, so the old one is not found any more. Thread-safe.
 */
final class VerifiedPasswords {
  private static final int MAX_COUNT = 1000;
  private static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final SecretKeySpec secret;

  /** By role; guarded by this object's monitor. */
  private final Map<String, Entry> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
          return size() > MAX_COUNT;
        }
      };

  private record Entry(byte[] hash, long nanos) {}

  VerifiedPasswords() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    this.secret = new SecretKeySpec(key, "HmacSHA256");
  }

  boolean isKnown(String role, ScramVerifier verifier, String password) {
    @Nullable Entry entry;
    synchronized (this) {
      entry = entries.get(role);
    }
    return entry != null
        && System.nanoTime() - entry.nanos() < LIFE_NANOS
        && MessageDigest.isEqual(entry.hash(), hash(verifier, password));
  }

  void add(String role, ScramVerifier verifier, String password) {
    Entry entry = new Entry(hash(verifier, password), System.nanoTime());
    synchronized (this) {
      entries.put(role, entry);
    }
  }

  private byte[] hash(ScramVerifier verifier, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      mac.update(Gate.utf8(verifier.text()));
      mac.update((byte) 0);
      return mac.doFinal(Gate.utf8(password));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}

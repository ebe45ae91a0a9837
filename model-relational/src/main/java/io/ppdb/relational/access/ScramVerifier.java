package io.ppdb.relational.access;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is kept of a password, by which somebody can prove to know it and which does not tell it:
 * SCRAM-SHA-256 (RFC 5802, RFC 7677), in PostgreSQL's text form {@code
 * SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}, each in base 64. Immutable; its
 * {@code toString} shows none of it.
 */
public final class ScramVerifier {
  private static final int ITERATIONS = 4096;
  private static final int SALT_BYTES = 16;
  private static final int KEY_BITS = 256;
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Pattern TEXT =
      Pattern.compile(
          "SCRAM-SHA-256\\$([1-9][0-9]{0,8}):([A-Za-z0-9+/]+=*)\\$([A-Za-z0-9+/]{43}=):"
              + "([A-Za-z0-9+/]{43}=)");

  private final int iterations;
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    this.iterations = iterations;
    this.salt = salt.clone();
    this.storedKey = storedKey.clone();
    this.serverKey = serverKey.clone();
  }

  /** A verifier of {@code password} with a salt of its own. */
  public static ScramVerifier ofPassword(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return ofPassword(password, salt, ITERATIONS);
  }

  /** A verifier of {@code password} with a given salt. */
  static ScramVerifier ofPassword(String password, byte[] salt, int iterations) {
    byte[] salted = saltedPassword(password, salt, iterations);
    byte[] storedKey = sha256(hmac(salted, "Client Key".getBytes(StandardCharsets.UTF_8)));
    byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.UTF_8));
    return new ScramVerifier(iterations, salt, storedKey, serverKey);
  }

  /** Whether {@code text} is a verifier rather than a password. */
  public static boolean isVerifier(String text) {
    return TEXT.matcher(text).matches();
  }

  /** Reads a verifier; INVALID_ARGUMENT, which does not show the text, if it is none. */
  public static ScramVerifier parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "a SCRAM-SHA-256 verifier was expected and is none");
    }
    Base64.Decoder decoder = Base64.getDecoder();
    return new ScramVerifier(
        Integer.parseInt(matcher.group(1)),
        decoder.decode(matcher.group(2)),
        decoder.decode(matcher.group(3)),
        decoder.decode(matcher.group(4)));
  }

  /** The text that is stored. */
  public String text() {
    Base64.Encoder encoder = Base64.getEncoder();
    return "SCRAM-SHA-256$"
        + iterations
        + ":"
        + encoder.encodeToString(salt)
        + "$"
        + encoder.encodeToString(storedKey)
        + ":"
        + encoder.encodeToString(serverKey);
  }

  public int iterations() {
    return iterations;
  }

  public byte[] salt() {
    return salt.clone();
  }

  /** Whether {@code password} is the one that this was made of; takes as long for any answer. */
  public boolean matches(String password) {
    byte[] salted = saltedPassword(password, salt, iterations);
    return MessageDigest.isEqual(
        storedKey, sha256(hmac(salted, "Client Key".getBytes(StandardCharsets.UTF_8))));
  }

  /**
   * Whether a client's proof shows that it knows the password.
   *
   * @param authMessage what both sides have said, as RFC 5802 puts it together
   */
  public boolean verifiesClient(String authMessage, byte[] clientProof) {
    byte[] signature = hmac(storedKey, authMessage.getBytes(StandardCharsets.UTF_8));
    if (clientProof.length != signature.length) {
      return false;
    }
    byte[] clientKey = new byte[signature.length];
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] = (byte) (clientProof[i] ^ signature[i]);
    }
    return MessageDigest.isEqual(storedKey, sha256(clientKey));
  }

  /** What proves to the client that this side knows the verifier. */
  public byte[] serverSignature(String authMessage) {
    return hmac(serverKey, authMessage.getBytes(StandardCharsets.UTF_8));
  }

  /** RFC 5802's Hi. Normalised as SASLprep does with the characters that passwords have. */
  private static byte[] saltedPassword(String password, byte[] salt, int iterations) {
    char[] normalized = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(new PBEKeySpec(normalized, salt, iterations, KEY_BITS))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static PpdbException missing(GeneralSecurityException cause) {
    return new PpdbException(ErrorCode.INTERNAL, "this Java has no SCRAM-SHA-256", cause);
  }

  @Override
  public String toString() {
    return "SCRAM-SHA-256 verifier";
  }
}

package io.ppdb.server.postgres;

import io.ppdb.relational.access.ScramVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
 *
 * <pre>
 *   client  n,,n=USER,r=NONCE            server  r=NONCE+,s=SALT,i=COUNT
 *   client  c=biws,r=NONCE+,p=PROOF      server  v=SIGNATURE
 * </pre>
 */
final class ScramExchange {
  static final String MECHANISM = "SCRAM-SHA-256";

  private static final int NONCE_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Whether it could bind ({@code y}) or does not know how ({@code n}); name, nonce. */
  private static final Pattern FIRST =
      Pattern.compile("(([ny]),(?:a=[^,]*)?,)(n=([^,]*),r=([!-+\\--~]+)(?:,.*)?)", Pattern.DOTALL);

  private static final Pattern FINAL =
      Pattern.compile("(c=([A-Za-z0-9+/]+=*),r=([!-+\\--~]+)),p=([A-Za-z0-9+/]+=*)");

  private final ScramVerifier verifier;
  private String binding = "";
  private String nonce = "";
  private String clientFirst = "";
  private String serverFirst = "";

  ScramExchange(ScramVerifier verifier) {
    this.verifier = verifier;
  }

  /** Answers the client's first message. */
  String first(String message) {
    Matcher matcher = FIRST.matcher(message);
    if (!matcher.matches()) {
      throw new ProtocolException("malformed SCRAM message: expected n,,n=USER,r=NONCE");
    }
    binding = matcher.group(1);
    clientFirst = matcher.group(3);
    byte[] random = new byte[NONCE_BYTES];
    RANDOM.nextBytes(random);
    nonce = matcher.group(5) + Base64.getEncoder().encodeToString(random);
    serverFirst =
        "r="
            + nonce
            + ",s="
            + Base64.getEncoder().encodeToString(verifier.salt())
            + ",i="
            + verifier.iterations();
    return serverFirst;
  }

  /**
   * What came of the exchange.
   *
   * @param right whether the client knows the password
   * @param message what shows the client that the server knows the verifier
   */
  record Outcome(boolean right, String message) {}

  /** Looks at the client's proof. */
  Outcome last(String message) {
    Matcher matcher = FINAL.matcher(message);
    if (!matcher.matches()) {
      throw new ProtocolException("malformed SCRAM message: expected c=…,r=NONCE,p=PROOF");
    }
    byte[] seenBinding = decode(matcher.group(2));
    if (!Arrays.equals(seenBinding, binding.getBytes(StandardCharsets.UTF_8))
        || !matcher.group(3).equals(nonce)) {
      throw new ProtocolException("SCRAM message of another exchange");
    }
    String signed = clientFirst + "," + serverFirst + "," + matcher.group(1);
    return new Outcome(
        verifier.verifiesClient(signed, decode(matcher.group(4))),
        "v=" + Base64.getEncoder().encodeToString(verifier.serverSignature(signed)));
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("malformed base 64 in a SCRAM message");
    }
  }
}

package io.ppdb.relational.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.PpdbException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class ScramVerifierTest {
  /** The exchange of RFC 7677, section 3: user "user", password "pencil". */
  private static final String AUTH_MESSAGE =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,"
          + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
          + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static ScramVerifier pencil() {
    return ScramVerifier.ofPassword("pencil", bytes("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
  }

  @Test
  void exchangeOfTheRfcIsVerifiedOnBothSides() {
    byte[] proof = bytes("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assertThat(pencil().verifiesClient(AUTH_MESSAGE, proof)).isTrue();
    assertThat(pencil().serverSignature(AUTH_MESSAGE))
        .isEqualTo(bytes("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    proof[3] ^= 1;
    assertThat(pencil().verifiesClient(AUTH_MESSAGE, proof)).isFalse();
    assertThat(pencil().verifiesClient(AUTH_MESSAGE, new byte[3])).isFalse();
  }

  @Test
  void textIsReadBackAndShowsNothingByItself() {
    String text = pencil().text();
    assertThat(text).startsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$");
    assertThat(ScramVerifier.isVerifier(text)).isTrue();
    ScramVerifier read = ScramVerifier.parse(text);
    assertThat(read.text()).isEqualTo(text);
    assertThat(read.matches("pencil")).isTrue();
    assertThat(read.matches("Pencil")).isFalse();
    assertThat(read.toString()).doesNotContain("$");
  }

  @Test
  void twoOfOnePasswordHaveSaltsOfTheirOwn() {
    assertThat(ScramVerifier.ofPassword("x").text())
        .isNotEqualTo(ScramVerifier.ofPassword("x").text());
  }

  @Test
  void whatIsNoVerifierIsNotShown() {
    for (String text :
        new String[] {
          "",
          "secret",
          "SCRAM-SHA-256$0:AAAA$x:y",
          "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA",
          pencil().text() + "=",
          "SCRAM-SHA-1" + pencil().text().substring(13)
        }) {
      assertThat(ScramVerifier.isVerifier(text)).isFalse();
      assertThatThrownBy(() -> ScramVerifier.parse(text))
          .isInstanceOf(PpdbException.class)
          .hasMessage("a SCRAM-SHA-256 verifier was expected and is none");
    }
  }
}

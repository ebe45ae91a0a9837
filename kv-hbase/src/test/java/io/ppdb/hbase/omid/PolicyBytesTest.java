package io.ppdb.hbase.omid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.PolicyMap;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PolicyBytesTest {
  private static PolicyMap policies() {
    PolicyMap policies = new PolicyMap();
    byte key = 10;
    for (RangePolicy.Use use : RangePolicy.Use.values()) {
      for (RangePolicy.Placement placement : RangePolicy.Placement.values()) {
        for (RangePolicy.Claims claims : RangePolicy.Claims.values()) {
          RangePolicy policy =
              new RangePolicy(Duration.ofMillis(key), use, placement).withClaims(claims);
          policies.set(KeyRange.single(new byte[] {key++}), policy);
        }
      }
    }
    for (RangePolicy.Codec codec : RangePolicy.Codec.values()) {
      for (RangePolicy.Eviction eviction : RangePolicy.Eviction.values()) {
        policies.set(
            KeyRange.single(new byte[] {key++}),
            RangePolicy.DEFAULT
                .withCodec(codec)
                .withEviction(eviction)
                .withUse(RangePolicy.Use.EXPIRABLE)
                .withDefaultExpiry(Duration.ofMillis(7))
                .withBlobThresholdBytes(4096));
      }
    }
    return policies;
  }

  @Test
  void everyPolicyIsReadAsItWasWritten() {
    PolicyMap written = policies();
    PolicyMap read = PolicyBytes.read(PolicyBytes.write(written));
    assertThat(read.assignments()).isEqualTo(written.assignments()).hasSizeGreaterThan(30);
  }

  @Test
  void whatIsCutOrOfAnotherFormatIsRefused() {
    byte[] bytes = PolicyBytes.write(policies());
    assertRefused(Arrays.copyOf(bytes, bytes.length - 1), ErrorCode.CORRUPTION);
    bytes[0] = 9;
    assertRefused(bytes, ErrorCode.FORMAT_NOT_SUPPORTED);
  }

  private static void assertRefused(byte[] bytes, ErrorCode code) {
    assertThatThrownBy(() -> PolicyBytes.read(bytes))
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}

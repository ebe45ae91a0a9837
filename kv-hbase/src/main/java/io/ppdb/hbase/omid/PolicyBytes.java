package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.engine.PolicyMap;
import io.ppdb.kv.engine.PolicyMap.Assignment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * All policies of a store as bytes.
 *
 * <pre>
 * policies = format u8 (0) · count i32 · range …
 * range    = length of start i32 · start · history millis i64 · use u8 · placement u8 · eviction u8
 *            · blob threshold i32 · codec u8 · default expiry millis i64 · claims u8
 * </pre>
 *
 * A range ends where the next one starts.
 */
final class PolicyBytes {
  private static final byte FORMAT = 0;

  // What a byte stands for: an index here. Elements are never moved.
  private static final List<RangePolicy.Use> USES =
      List.of(RangePolicy.Use.PLAIN, RangePolicy.Use.MERGEABLE, RangePolicy.Use.EXPIRABLE);
  private static final List<RangePolicy.Placement> PLACEMENTS =
      List.of(
          RangePolicy.Placement.MEMORY, RangePolicy.Placement.DISK, RangePolicy.Placement.TIERED);
  private static final List<RangePolicy.Eviction> EVICTIONS =
      List.of(RangePolicy.Eviction.NONE, RangePolicy.Eviction.LRU, RangePolicy.Eviction.LFU);
  private static final List<RangePolicy.Codec> CODECS =
      List.of(
          RangePolicy.Codec.STORE,
          RangePolicy.Codec.NONE,
          RangePolicy.Codec.LZ4,
          RangePolicy.Codec.ZSTD);
  private static final List<RangePolicy.Claims> CLAIMS =
      List.of(RangePolicy.Claims.EXCLUSIVE, RangePolicy.Claims.SHARED);

  private PolicyBytes() {}

  static byte[] write(PolicyMap policies) {
    List<Assignment> assignments = policies.assignments();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(assignments.size());
      for (Assignment assignment : assignments) {
        byte[] start = assignment.range().start();
        RangePolicy policy = assignment.policy();
        out.writeInt(start.length);
        out.write(start);
        out.writeLong(policy.history().toMillis());
        out.writeByte(USES.indexOf(policy.use()));
        out.writeByte(PLACEMENTS.indexOf(policy.placement()));
        out.writeByte(EVICTIONS.indexOf(policy.eviction()));
        out.writeInt(policy.blobThresholdBytes());
        out.writeByte(CODECS.indexOf(policy.codec()));
        out.writeLong(policy.defaultExpiry().toMillis());
        out.writeByte(CLAIMS.indexOf(policy.claims()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array took no bytes", e);
    }
    return bytes.toByteArray();
  }

  static PolicyMap read(byte[] bytes) {
    PolicyMap policies = new PolicyMap();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new PpdbException(
            ErrorCode.FORMAT_NOT_SUPPORTED,
            "policies of format " + format + ", expected " + FORMAT);
      }
      for (int left = in.readInt(); left > 0; left--) {
        byte[] start = in.readNBytes(in.readInt());
        RangePolicy policy =
            new RangePolicy(
                Duration.ofMillis(in.readLong()),
                USES.get(in.readByte()),
                PLACEMENTS.get(in.readByte()),
                EVICTIONS.get(in.readByte()),
                in.readInt(),
                CODECS.get(in.readByte()),
                Duration.ofMillis(in.readLong()),
                CLAIMS.get(in.readByte()));
        // Each one up to the end: the next one takes over from where it starts.
        policies.set(KeyRange.of(start, null), policy);
      }
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new PpdbException(ErrorCode.CORRUPTION, "policies that are no policies", e);
    }
    return policies;
  }
}

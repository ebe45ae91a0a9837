package io.ppdb.relational.catalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.access.AccessList;
import io.ppdb.relational.access.AccessList.Entry;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.access.Role.Attribute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Roles and rights as bytes: tuples, as {@code docs/format/catalog.md} lists them. */
final class RoleCodec {
  private static final long FORMAT = 1;

  private RoleCodec() {}

  static byte[] encode(Role role) {
    KeyWriter writer = new KeyWriter().addLong(FORMAT).addString(role.name()).beginTuple();
    role.attributes().stream().sorted().forEach(each -> writer.addString(each.name()));
    writer.endTuple();
    String verifier = role.verifier();
    if (verifier == null) {
      writer.addNull();
    } else {
      writer.addString(verifier);
    }
    Instant until = role.validUntil();
    if (until == null) {
      writer.addNull();
    } else {
      writer.addLong(until.toEpochMilli());
    }
    return writer.addLong(role.connectionLimit()).toByteArray();
  }

  static Role decode(KeyReader key, KeyReader value) {
    requireFormat(value);
    String name = value.readString();
    Set<Attribute> attributes = EnumSet.noneOf(Attribute.class);
    value.beginTuple();
    while (TableCodec.hasElement(value)) {
      attributes.add(attribute(value.readString()));
    }
    value.endTuple();
    @Nullable String verifier = value.readNull() ? null : value.readString();
    @Nullable Instant until = value.readNull() ? null : Instant.ofEpochMilli(value.readLong());
    Role role =
        new Role(
            key.readLong(), name, attributes, verifier, until, Math.toIntExact(value.readLong()));
    value.expectEnd();
    return role;
  }

  private static Attribute attribute(String name) {
    for (Attribute attribute : Attribute.values()) {
      if (attribute.name().equals(name)) {
        return attribute;
      }
    }
    throw new PpdbException(
        ErrorCode.FORMAT_NOT_SUPPORTED,
        "role with attribute \"" + name + "\", which this version does not know");
  }

  static byte[] encodeRights(ObjectRights rights) {
    KeyWriter writer = new KeyWriter().addLong(FORMAT).addLong(rights.owner());
    AccessList granted = rights.granted();
    if (granted == null) {
      writer.addNull();
    } else {
      encode(writer, granted);
    }
    new TreeMap<>(rights.columns())
        .forEach(
            (column, list) -> {
              writer.addString(column);
              encode(writer, list);
            });
    return writer.toByteArray();
  }

  private static void encode(KeyWriter writer, AccessList list) {
    writer.beginTuple();
    for (Entry entry : list.entries()) {
      writer
          .addLong(entry.grantee())
          .addLong(entry.grantor())
          .addString(Privilege.letters(entry.privileges()))
          .addString(Privilege.letters(entry.options()));
    }
    writer.endTuple();
  }

  static ObjectRights decodeRights(KeyReader value) {
    requireFormat(value);
    long owner = value.readLong();
    @Nullable AccessList granted = value.readNull() ? null : decodeList(value);
    Map<String, AccessList> columns = new TreeMap<>();
    while (value.hasNext()) {
      columns.put(value.readString(), decodeList(value));
    }
    return new ObjectRights(owner, granted, columns);
  }

  private static AccessList decodeList(KeyReader value) {
    List<Entry> entries = new ArrayList<>();
    value.beginTuple();
    while (TableCodec.hasElement(value)) {
      entries.add(
          new Entry(
              value.readLong(),
              value.readLong(),
              Privilege.ofLetters(value.readString()),
              Privilege.ofLetters(value.readString())));
    }
    value.endTuple();
    return new AccessList(entries);
  }

  private static void requireFormat(KeyReader value) {
    long format = value.readLong();
    if (format != FORMAT) {
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "role or grant of format " + format + "; this version reads format " + FORMAT);
    }
  }
}

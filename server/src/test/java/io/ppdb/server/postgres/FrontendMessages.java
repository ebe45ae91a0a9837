package io.ppdb.server.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes what a client sends, byte by byte. */
final class FrontendMessages {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Writes fields of a message. */
  interface Fields {
    void write(DataOutputStream out) throws IOException;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private FrontendMessages add(char type, Fields fields) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      fields.write(new DataOutputStream(body));
      DataOutputStream out = new DataOutputStream(bytes);
      if (type != 0) {
        out.writeByte(type);
      }
      out.writeInt(body.size() + 4);
      out.write(body.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  FrontendMessages startup(String... parameters) {
    return add(
        (char) 0,
        out -> {
          out.writeInt(FrontendDecoder.VERSION_3);
          for (String each : parameters) {
            text(out, each);
          }
          out.writeByte(0);
        });
  }

  /** A request that comes instead of a session: for encryption, or to cancel another's. */
  FrontendMessages request(int code, int... numbers) {
    return add(
        (char) 0,
        out -> {
          out.writeInt(code);
          for (int each : numbers) {
            out.writeInt(each);
          }
        });
  }

  FrontendMessages query(String sql) {
    return add('Q', out -> text(out, sql));
  }

  FrontendMessages parse(String name, String sql, int... types) {
    return add(
        'P',
        out -> {
          text(out, name);
          text(out, sql);
          out.writeShort(types.length);
          for (int type : types) {
            out.writeInt(type);
          }
        });
  }

  /** Values as text, null for NULL; all columns in one format. */
  FrontendMessages bind(String portal, String statement, int resultFormat, String... values) {
    return add(
        'B',
        out -> {
          text(out, portal);
          text(out, statement);
          out.writeShort(0);
          out.writeShort(values.length);
          for (String value : values) {
            byte[] content = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(content.length);
            out.write(content);
          }
          out.writeShort(1);
          out.writeShort(resultFormat);
        });
  }

  FrontendMessages describe(char kind, String name) {
    return add(
        'D',
        out -> {
          out.writeByte(kind);
          text(out, name);
        });
  }

  FrontendMessages execute(String portal, int maxRows) {
    return add(
        'E',
        out -> {
          text(out, portal);
          out.writeInt(maxRows);
        });
  }

  FrontendMessages close(char kind, String name) {
    return add(
        'C',
        out -> {
          out.writeByte(kind);
          text(out, name);
        });
  }

  FrontendMessages copyData(String rows) {
    return add('d', out -> out.write(rows.getBytes(StandardCharsets.UTF_8)));
  }

  FrontendMessages copyFail(String reason) {
    return add('f', out -> text(out, reason));
  }

  /** A message without fields: Sync, Flush, CopyDone, Terminate. */
  FrontendMessages empty(char type) {
    return add(type, out -> {});
  }
}

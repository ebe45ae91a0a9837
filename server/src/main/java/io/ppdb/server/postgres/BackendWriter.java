package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import io.ppdb.relational.type.PostgresTypes.PostgresType;
import io.ppdb.server.net.ChannelGate;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes messages to a client: into one buffer, which goes to the channel when it is full or
 * flushed. Waits while the client does not read. Used by one worker at a time.
 */
final class BackendWriter {
  private static final int BUFFER_BYTES = 8 << 10;
  private static final int MAX_BUFFER_BYTES = 64 << 10;

  private final Channel channel;
  private final ChannelGate gate;
  private ByteBuf buffer;
  private int lengthIndex;

  BackendWriter(Channel channel, ChannelGate gate) {
    this.channel = channel;
    this.gate = gate;
    this.buffer = channel.alloc().buffer(BUFFER_BYTES);
  }

  /** Where the fields of the message go that {@link #begin} has begun. */
  ByteBuf buffer() {
    return buffer;
  }

  void begin(char type) {
    buffer.writeByte(type);
    lengthIndex = buffer.writerIndex();
    buffer.writeInt(0);
  }

  void end() {
    buffer.setInt(lengthIndex, buffer.writerIndex() - lengthIndex);
    if (buffer.readableBytes() >= MAX_BUFFER_BYTES) {
      flush();
    }
  }

  void text(String text) {
    ByteBufUtil.writeUtf8(buffer, text);
    buffer.writeByte(0);
  }

  /** Sends what was written; waits until the client has read most of what it has not. */
  void flush() {
    if (!buffer.isReadable()) {
      return;
    }
    ByteBuf full = buffer;
    buffer = channel.alloc().buffer(BUFFER_BYTES);
    channel.writeAndFlush(full, channel.voidPromise());
    if (!gate.awaitWritable()) {
      throw new ClientGoneException();
    }
  }

  void release() {
    buffer.release();
  }

  void authenticationOk() {
    begin('R');
    buffer.writeInt(0);
    end();
  }

  void authenticationSasl(String mechanism) {
    begin('R');
    buffer.writeInt(10);
    text(mechanism);
    buffer.writeByte(0);
    end();
  }

  /**
   * A message of the exchange.
   *
   * @param last whether it is the last one of the server
   */
  void authenticationSasl(boolean last, String message) {
    begin('R');
    buffer.writeInt(last ? 12 : 11);
    buffer.writeCharSequence(message, StandardCharsets.UTF_8);
    end();
  }

  void backendKey(int processId, int secret) {
    begin('K');
    buffer.writeInt(processId);
    buffer.writeInt(secret);
    end();
  }

  void parameterStatus(String name, String value) {
    begin('S');
    text(name);
    text(value);
    end();
  }

  /**
   * @param status {@code I}, {@code T} or {@code E}
   */
  void readyForQuery(char status) {
    begin('Z');
    buffer.writeByte(status);
    end();
  }

  void commandComplete(String tag) {
    begin('C');
    text(tag);
    end();
  }

  /** A message without fields. */
  void empty(char type) {
    begin(type);
    end();
  }

  void parseComplete() {
    empty('1');
  }

  void bindComplete() {
    empty('2');
  }

  void closeComplete() {
    empty('3');
  }

  void noData() {
    empty('n');
  }

  void emptyQuery() {
    empty('I');
  }

  void portalSuspended() {
    empty('s');
  }

  void parameterDescription(int[] oids) {
    begin('t');
    buffer.writeShort(oids.length);
    for (int oid : oids) {
      buffer.writeInt(oid);
    }
    end();
  }

  void rowDescription(List<ResultColumn> columns, ResultFormats formats) {
    begin('T');
    buffer.writeShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      ColumnType type = columns.get(i).type();
      PostgresType described = PostgresTypes.of(type);
      text(columns.get(i).name());
      buffer.writeInt(0); // of no table that a client could look up by its number
      buffer.writeShort(0);
      buffer.writeInt(described.oid());
      buffer.writeShort(described.length());
      buffer.writeInt(PostgresTypes.modifier(type));
      buffer.writeShort(formats.isBinary(i) ? 1 : 0);
    }
    end();
  }

  /**
   * @param direction {@code G} for rows from the client, {@code H} for rows to it
   */
  void copyResponse(char direction, int columnCount) {
    begin(direction);
    buffer.writeByte(0);
    buffer.writeShort(columnCount);
    buffer.writeZero(2 * columnCount);
    end();
  }

  void copyData(byte[] bytes, int start, int length) {
    begin('d');
    buffer.writeBytes(bytes, start, length);
    end();
  }

  void copyDone() {
    empty('c');
  }

  void notification(int processId, String channelName, String payload) {
    begin('A');
    buffer.writeInt(processId);
    text(channelName);
    text(payload);
    end();
  }

  /** An error; {@code position} counts characters from 1, 0 if it has none. */
  void error(String severity, String sqlState, String message, int position) {
    report('E', severity, sqlState, message, position);
  }

  void notice(String severity, String sqlState, String message) {
    report('N', severity, sqlState, message, 0);
  }

  private void report(char type, String severity, String sqlState, String message, int position) {
    begin(type);
    field('S', severity);
    field('V', severity);
    field('C', sqlState);
    field('M', message);
    if (position > 0) {
      field('P', Integer.toString(position));
    }
    buffer.writeByte(0);
    end();
  }

  private void field(char name, String value) {
    buffer.writeByte(name);
    text(value.replace('\0', ' '));
  }
}

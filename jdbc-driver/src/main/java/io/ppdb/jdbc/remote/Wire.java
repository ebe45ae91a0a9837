package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.SqlErrors;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Messages to and from a server. What is written goes out with {@link #flush}; what was read stays
 * readable until the next {@link #read}. After an error of the connection it is closed, and every
 * call fails with SQLSTATE 08006. Used by one thread at a time, save for {@link #close}.
 */
final class Wire {
  private static final int BUFFER_BYTES = 16 << 10;

  /** Longest message that is believed. */
  private static final int MAX_MESSAGE_BYTES = 1 << 30;

  private Socket socket;
  private InputStream in;
  private OutputStream out;

  private byte[] written = new byte[BUFFER_BYTES];
  private int writtenEnd;
  private int lengthStart;

  private byte[] received = new byte[BUFFER_BYTES];
  private int receivedStart;
  private int receivedEnd;

  private int position;
  private int bodyEnd;
  private volatile boolean broken;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** Goes on over another socket: the encrypted one. */
  void continueOver(Socket encrypted) throws IOException {
    socket = encrypted;
    in = encrypted.getInputStream();
    out = encrypted.getOutputStream();
  }

  Socket socket() {
    return socket;
  }

  boolean isBroken() {
    return broken;
  }

  /** Closes the socket; who reads from it at the moment fails. From any thread. */
  void close() {
    broken = true;
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more, however it ended.
    }
  }

  void setTimeout(int millis) throws SQLException {
    try {
      socket.setSoTimeout(millis);
    } catch (SocketException e) {
      throw failed(e);
    }
  }

  private SQLException failed(IOException e) {
    close();
    String what =
        e instanceof EOFException
            ? "the server has closed the connection"
            : e instanceof SocketTimeoutException
                ? "the server did not answer in time"
                : "the connection to the server failed: " + e.getMessage();
    return SqlErrors.of("08006", 0, what, e);
  }

  /** The end of a connection that says what is not of the protocol. */
  SQLException violated(String what) {
    close();
    return SqlErrors.of("08P01", "the server does not keep to the protocol: " + what);
  }

  // ---- Writing

  /** Begins a message; {@link #end} ends it. */
  void begin(char type) {
    writeByte(type);
    beginUntyped();
  }

  /** Begins a message of those before a session, which have no type. */
  void beginUntyped() {
    lengthStart = writtenEnd;
    writeInt(0);
  }

  void end() {
    int length = writtenEnd - lengthStart;
    BigEndian.putInt(written, lengthStart, length);
  }

  void empty(char type) {
    begin(type);
    end();
  }

  private void ensure(int count) {
    if (written.length - writtenEnd < count) {
      written =
          Arrays.copyOf(
              written, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * written.length + count));
    }
  }

  void writeByte(int value) {
    ensure(1);
    written[writtenEnd++] = (byte) value;
  }

  void writeShort(int value) {
    ensure(2);
    written[writtenEnd++] = (byte) (value >>> 8);
    written[writtenEnd++] = (byte) value;
  }

  void writeInt(int value) {
    ensure(4);
    BigEndian.putInt(written, writtenEnd, value);
    writtenEnd += 4;
  }

  void writeLong(long value) {
    writeInt((int) (value >>> 32));
    writeInt((int) value);
  }

  void writeBytes(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, written, writtenEnd, bytes.length);
    writtenEnd += bytes.length;
  }

  /** A text and the zero byte that ends it. */
  void writeText(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
    writeByte(0);
  }

  /** Bytes that wait for {@link #flush}. */
  int pendingBytes() {
    return writtenEnd;
  }

  /** Takes back what was not flushed. */
  void discardPending() {
    writtenEnd = 0;
  }

  void flush() throws SQLException {
    if (broken) {
      throw SqlErrors.of("08006", "the connection to the server is closed");
    }
    try {
      out.write(written, 0, writtenEnd);
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
    writtenEnd = 0;
    if (written.length > 64 * BUFFER_BYTES) {
      written = new byte[BUFFER_BYTES];
    }
  }

  // ---- Reading

  /** Reads the next message; its type. */
  char read() throws SQLException {
    require(5);
    char type = (char) (received[receivedStart] & 0xff);
    int length = BigEndian.getInt(received, receivedStart + 1);
    if (length < 4 || length > MAX_MESSAGE_BYTES) {
      throw violated("a message '" + type + "' of " + length + " bytes");
    }
    require(1 + length);
    position = receivedStart + 5;
    bodyEnd = receivedStart + 1 + length;
    receivedStart = bodyEnd;
    return type;
  }

  /** The next byte, which stays: the type of a message, or a letter that is none. */
  char peek() throws SQLException {
    require(1);
    return (char) (received[receivedStart] & 0xff);
  }

  /** Reads one byte that is no message: the answer to a request for encryption. */
  char readLetter() throws SQLException {
    char letter = peek();
    receivedStart++;
    return letter;
  }

  /** Whether bytes of a next message are there already. */
  boolean hasReceived() {
    return receivedEnd > receivedStart;
  }

  private void require(int count) throws SQLException {
    if (receivedEnd - receivedStart >= count) {
      return;
    }
    if (broken) {
      throw SqlErrors.of("08006", "the connection to the server is closed");
    }
    int available = receivedEnd - receivedStart;
    if (received.length - receivedStart < count) {
      byte[] target =
          count > received.length || received.length > 64 * BUFFER_BYTES
              ? new byte[Math.max(count, BUFFER_BYTES)]
              : received;
      System.arraycopy(received, receivedStart, target, 0, available);
      received = target;
      receivedStart = 0;
      receivedEnd = available;
    }
    try {
      while (receivedEnd - receivedStart < count) {
        int read = in.read(received, receivedEnd, received.length - receivedEnd);
        if (read < 0) {
          throw new EOFException();
        }
        receivedEnd += read;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void requireBody(int count) throws SQLException {
    if (count < 0 || bodyEnd - position < count) {
      throw violated("a message ends too early");
    }
  }

  byte readByte() throws SQLException {
    requireBody(1);
    return received[position++];
  }

  int readShort() throws SQLException {
    requireBody(2);
    position += 2;
    return BigEndian.getShort(received, position - 2);
  }

  int readInt() throws SQLException {
    requireBody(4);
    position += 4;
    return BigEndian.getInt(received, position - 4);
  }

  String readText() throws SQLException {
    int end = position;
    while (end < bodyEnd && received[end] != 0) {
      end++;
    }
    if (end == bodyEnd) {
      throw violated("a text without an end");
    }
    String text = new String(received, position, end - position, StandardCharsets.UTF_8);
    position = end + 1;
    return text;
  }

  /** All that is left of the message. */
  byte[] readRest() {
    byte[] rest = Arrays.copyOfRange(received, position, bodyEnd);
    position = bodyEnd;
    return rest;
  }

  int remaining() {
    return bodyEnd - position;
  }

  /** Copies what is left of the message. */
  void copyRest(byte[] target, int at) {
    System.arraycopy(received, position, target, at, bodyEnd - position);
    position = bodyEnd;
  }
}

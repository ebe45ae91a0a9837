package io.ppdb.server.config;

/**
 * Where a protocol listens.
 *
 * @param number the port; {@link #OFF_NUMBER} if it does not listen, {@link #AUTO_NUMBER} for a
 *     free one
 */
public record Port(int number) {
  private static final int OFF_NUMBER = 0;
  private static final int AUTO_NUMBER = -1;

  /** Nowhere. */
  public static final Port OFF = new Port(OFF_NUMBER);

  /** At a port that is free. */
  public static final Port AUTO = new Port(AUTO_NUMBER);

  public static Port of(int number) {
    return new Port(number);
  }

  public boolean isOff() {
    return number == OFF_NUMBER;
  }

  /** The port to bind: 0 lets the system choose. */
  public int bindNumber() {
    return number == AUTO_NUMBER ? 0 : number;
  }

  @Override
  public String toString() {
    return number == AUTO_NUMBER ? "\"auto\"" : Integer.toString(number);
  }
}

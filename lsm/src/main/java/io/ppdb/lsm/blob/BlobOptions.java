package io.ppdb.lsm.blob;

/**
 * Which values lie in blob files.
 *
 * @param thresholdBytes length from which on, where no policy says otherwise; at least 1
 * @param fileBytes size at which a blob file is sealed; less than 2 GiB with the value behind it
 */
public record BlobOptions(int thresholdBytes, int fileBytes) {
  private static final int MAX_FILE_BYTES = 1 << 30;

  /** From 16 KiB on, in files of 64 MiB. */
  public static final BlobOptions DEFAULT = new BlobOptions(16 << 10, 64 << 20);

  public BlobOptions {
    if (thresholdBytes < 1 || fileBytes < 1 || fileBytes > MAX_FILE_BYTES) {
      throw new IllegalArgumentException(
          "threshold of " + thresholdBytes + " bytes, files of " + fileBytes);
    }
  }
}

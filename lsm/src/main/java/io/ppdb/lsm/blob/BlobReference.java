package io.ppdb.lsm.blob;

/**
 * What a table has of one blob file.
 *
 * @param fileNumber of the blob file
 * @param valueBytes sum of the lengths of the values that its handles stand for
 */
public record BlobReference(long fileNumber, long valueBytes) {}

/**
 * What the file formats of lsm share: byte order, variable-length integers, checksums, and the
 * error for bytes that are not what was written.
 *
 * <p>Fixed-width integers are little-endian. Variable-length integers are unsigned LEB128: seven
 * bits a byte, least significant first, the high bit set on all bytes but the last. Checksums are
 * CRC-32C (Castagnoli).
 *
 * <p>Depends on kv-core for its exception only. Used by the packages that own a format. What does
 * not belong here: any one format.
 */
@NullMarked
package io.ppdb.lsm.format;

import org.jspecify.annotations.NullMarked;

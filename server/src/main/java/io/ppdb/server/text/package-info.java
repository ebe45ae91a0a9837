/**
 * Forms of text that several parts of the server write.
 *
 * <p>What does not belong here: anything that is not text.
 */
@NullMarked
package io.ppdb.server.text;

import org.jspecify.annotations.NullMarked;

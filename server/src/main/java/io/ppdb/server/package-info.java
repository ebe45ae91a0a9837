/** Protocols, console and the command line. */
@NullMarked
package io.ppdb.server;

import org.jspecify.annotations.NullMarked;

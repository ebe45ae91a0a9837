/**
 * The command line: {@code ppdb demo}, {@code sql}, {@code gremlin}, {@code bench}.
 *
 * <p>Start at {@link io.ppdb.server.cli.Main}. Results go to stdout and nothing else does;
 * progress, logs and errors go to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 130
 * interrupted.
 *
 * <p>Depends on database, jdbc-driver and picocli. What does not belong here: anything a program
 * that embeds PPDB would want too.
 */
@NullMarked
package io.ppdb.server.cli;

import org.jspecify.annotations.NullMarked;

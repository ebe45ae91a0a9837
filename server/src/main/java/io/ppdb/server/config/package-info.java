/**
 * The server's configuration: what can be set, and the TOML file that sets it.
 *
 * <p>{@link io.ppdb.server.config.Setting} lists every setting with its kind, default and purpose;
 * {@link io.ppdb.server.config.ConfigurationFile} reads a file against that list; {@link
 * io.ppdb.server.config.Configuration} is what came out.
 *
 * <p>What does not belong here: what a setting does.
 */
@NullMarked
package io.ppdb.server.config;

import org.jspecify.annotations.NullMarked;

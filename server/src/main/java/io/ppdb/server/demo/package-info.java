/**
 * The demo database: real airports, routes, flights and weather, in all models at once.
 *
 * <p>{@link io.ppdb.server.demo.DemoDatabase} makes it or finds it made; {@link
 * io.ppdb.server.demo.DemoQueries} is what the tour shows. The data are resources of this package,
 * copied from {@code data/}, whose origin page says where they come from.
 *
 * <p>Used by the command line. What does not belong here: anything TinkerPop, which stays in {@code
 * io.ppdb.server.gremlin}.
 */
@NullMarked
package io.ppdb.server.demo;

import org.jspecify.annotations.NullMarked;

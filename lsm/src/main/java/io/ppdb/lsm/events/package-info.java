/**
 * What the engine does in the background, as JDK Flight Recorder events in category PPDB / lsm.
 *
 * <p>Their names and fields are part of what users build on: {@code docs/observability.md}. An
 * event that nobody records costs an allocation that the compiler removes. What does not belong
 * here: events of single reads or commits, of which there are too many.
 */
@NullMarked
package io.ppdb.lsm.events;

import org.jspecify.annotations.NullMarked;

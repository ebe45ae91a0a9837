/** Time series: table kind TIMESERIES and its writer. */
@NullMarked
package io.ppdb.timeseries;

import org.jspecify.annotations.NullMarked;

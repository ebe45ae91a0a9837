package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Commits wait while a segment of the log, which has no room left, is filled with more zeros. */
@Name("io.ppdb.lsm.LogGrowth")
@Label("LogGrowth")
@Description("Commits wait while a segment of the log is filled with more zeros.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
public final class LogGrowthEvent extends Event {
  @Label("Segment")
  public long segmentNumber;

  @Label("Size")
  @DataAmount
  public long bytes;
}

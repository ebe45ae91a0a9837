package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A group of commits in the log is made durable by one sync. */
@Name("io.ppdb.lsm.LogSync")
@Label("LogSync")
@Description("A group of commits in the log is made durable by one sync.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
@Threshold("10 ms")
public final class LogSyncEvent extends Event {
  @Label("Segment")
  public long segmentNumber;

  @Label("Records")
  public int recordCount;

  @Label("Size")
  @DataAmount
  public long bytes;
}

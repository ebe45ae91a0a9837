package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A segment of the log is offered to the archive. */
@Name("io.ppdb.lsm.Archive")
@Label("Archive")
@Description("A segment of the log is offered to the archive.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
public final class ArchiveEvent extends Event {
  @Label("Segment")
  public long segmentNumber;

  @Label("Size")
  @DataAmount
  public long bytes;

  @Label("Failure")
  @Description("Why the archive did not take it; empty if it did.")
  public String failure = "";
}

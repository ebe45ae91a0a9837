package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A store is opened: its log is replayed into tables. */
@Name("io.ppdb.lsm.Recovery")
@Label("Recovery")
@Description("A store is opened: its log is replayed into tables.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
public final class RecoveryEvent extends Event {
  @Label("Directory")
  public String directory = "";

  @Label("Log segments")
  public int segmentCount;

  @Label("Replayed size")
  @DataAmount
  public long memtableBytes;
}

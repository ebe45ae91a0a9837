package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A commit waits because flushes or compactions do not keep up. */
@Name("io.ppdb.lsm.Stall")
@Label("Stall")
@Description("A commit waits because flushes or compactions do not keep up.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
@Threshold("10 ms")
public final class StallEvent extends Event {
  @Label("Tables in level 0")
  public int levelZeroTableCount;

  @Label("Stopped")
  @Description("It waits until there is room, not only for a moment.")
  public boolean stopped;
}

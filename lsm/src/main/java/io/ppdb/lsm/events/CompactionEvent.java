package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Tables are merged into a deeper level, or moved there as they are. */
@Name("io.ppdb.lsm.Compaction")
@Label("Compaction")
@Description("Tables are merged into a deeper level, or moved there as they are.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
public final class CompactionEvent extends Event {
  @Label("Output level")
  public int outputLevel;

  @Label("Input tables")
  public int inputTableCount;

  @Label("Input size")
  @DataAmount
  public long inputBytes;

  @Label("Output tables")
  public int outputTableCount;

  @Label("Output size")
  @DataAmount
  public long outputBytes;

  @Label("Trivial move")
  @Description("The tables moved without being read or written.")
  public boolean trivialMove;
}

package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Tables are merged into a level, moved to one as they are, or dropped unread. */
@Name("io.ppdb.lsm.Compaction")
@Label("Compaction")
@Description("Tables are merged into a level, moved to one as they are, or dropped unread.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
public final class CompactionEvent extends Event {
  @Label("Reason")
  public String reason = "";

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

  @Label("Pieces")
  @Description("Ranges of keys that were merged at the same time; 0 if nothing was merged.")
  public int pieceCount;

  @Label("Trivial move")
  @Description("The tables moved without being read or written.")
  public boolean trivialMove;
}

package io.ppdb.lsm.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A memtable becomes tables of level 0. */
@Name("io.ppdb.lsm.Flush")
@Label("Flush")
@Description("A memtable becomes tables of level 0.")
@Category({"PPDB", "lsm"})
@StackTrace(false)
public final class FlushEvent extends Event {
  @Label("Memtable size")
  @DataAmount
  public long memtableBytes;

  @Label("Table size")
  @DataAmount
  public long tableBytes;
}

package io.ppdb.server.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Event loops with one connection each, and some that are shared by those for which there is none
 * left. Thread-safe.
 *
 * <p>What runs on a loop of its own may wait there without holding up anybody else, so a request
 * needs no other thread: the way of it costs more than a short request does.
 */
final class SessionLoops {
  private final EventLoopGroup group;

  /** Loops of their own: those without a connection, and all. Guarded by {@link #free}. */
  private final Queue<EventExecutor> free = new ArrayDeque<>();

  private final Set<EventExecutor> own = Collections.newSetFromMap(new IdentityHashMap<>());

  SessionLoops(int ownCount, int sharedCount) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            ownCount + sharedCount,
            new ThreadPerTaskExecutor(new DefaultThreadFactory("ppdb-session", true)),
            executors -> chooser(executors, ownCount),
            NioIoHandler.newFactory());
  }

  /**
   * Runs while the group is made: takes its first {@code ownCount} loops for single connections.
   */
  private EventExecutorChooser chooser(EventExecutor[] executors, int ownCount) {
    for (int i = 0; i < ownCount; i++) {
      free.add(executors[i]);
      own.add(executors[i]);
    }
    AtomicInteger turn = new AtomicInteger();
    int sharedCount = executors.length - ownCount;
    return () -> {
      EventExecutor alone;
      synchronized (free) {
        alone = free.poll();
      }
      return alone != null
          ? alone
          : executors[ownCount + Math.floorMod(turn.getAndIncrement(), sharedCount)];
    };
  }

  /**
   * Where connections are registered: each registration takes a loop of its own, if there is one.
   */
  EventLoopGroup group() {
    return group;
  }

  /** Whether a loop is for one connection only. */
  boolean isOwn(EventLoop loop) {
    return own.contains(loop);
  }

  /** The connection of a loop has ended. */
  void release(EventLoop loop) {
    if (isOwn(loop)) {
      synchronized (free) {
        free.add(loop);
      }
    }
  }

  void stop() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

package io.ppdb.kv.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Lets a test fail that leaves something of the {@link LeakDetector} open, and says where it was
 * opened.
 *
 * <p>Registered for every test by the service file beside it. What is opened by a test or its
 * {@code @BeforeEach} has to be closed after its {@code @AfterEach}; what is opened by a class,
 * after its {@code @AfterAll}. A test that fails for another reason is not blamed for leaks as
 * well. Requires that test classes run one after the other.
 */
public final class LeakExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final int MAX_SUPPRESSED = 9;

  /** How long threads other than the test's may take to close what they have opened. */
  private static final long BACKGROUND_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Namespace NAMESPACE = Namespace.create(LeakExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    begin(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    begin(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    end(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    end(context);
  }

  /** Remembers, for this test or class alone, where in the order of openings it begins. */
  private void begin(ExtensionContext context) {
    context.getStore(NAMESPACE).put(context.getUniqueId(), LeakDetector.openingCount());
  }

  private void end(ExtensionContext context) {
    long begin = context.getStore(NAMESPACE).get(context.getUniqueId(), Long.class);
    boolean excused = context.getExecutionException().isPresent() || leaksOnPurpose(context);
    long deadline = System.nanoTime() + (excused ? 0 : BACKGROUND_NANOS);
    List<Throwable> places =
        LeakDetector.openSince(begin).stream()
            .filter(opening -> staysOpen(opening, deadline))
            .map(opening -> Objects.requireNonNull(opening.place()))
            .toList();
    if (places.isEmpty() || excused) {
      return;
    }
    String message =
        "%s left %d open: %s"
            .formatted(context.getDisplayName(), places.size(), places.get(0).getMessage());
    AssertionError error = new AssertionError(message, places.get(0));
    places.stream().skip(1).limit(MAX_SUPPRESSED).forEach(error::addSuppressed);
    throw error;
  }

  /**
   * Whether the resource of {@code opening} is still open when other threads have had the time to
   * close it. No later test is blamed for it.
   */
  private static boolean staysOpen(LeakDetector.Opening opening, long deadline) {
    while (opening.isOpen()
        && !opening.isBy(Thread.currentThread())
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    boolean open = opening.isOpen();
    opening.closed();
    return open;
  }

  private static boolean leaksOnPurpose(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getElement(), LeaksOnPurpose.class)
        || AnnotationSupport.isAnnotated(context.getTestClass(), LeaksOnPurpose.class);
  }
}

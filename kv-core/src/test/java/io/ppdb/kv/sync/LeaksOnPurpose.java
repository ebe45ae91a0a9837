package io.ppdb.kv.sync;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The test, or every test of the class, leaves snapshots, transactions or cursors open. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface LeaksOnPurpose {
  /** Why it does. */
  String value();
}

/**
 * Stores looked at from outside, while nobody has them open: checked whole, and shown as text.
 *
 * <p>Start at {@link io.ppdb.lsm.inspect.ClosedStore#open}. Nothing is changed, and no merge
 * operator is needed. Uses the readers of the packages that own the formats. What does not belong
 * here: formats; bringing a damaged store to life again.
 */
@NullMarked
package io.ppdb.lsm.inspect;

import org.jspecify.annotations.NullMarked;

/**
 * Locks of rows, which SELECT … FOR UPDATE holds until the end of its transaction, and so do writes
 * of transactions that are READ COMMITTED; and the names of isolation levels.
 *
 * <p>They make others of the same process wait. That no two transactions change a row that one of
 * them has locked does not depend on them: whoever locks a row claims it in the store, too, and the
 * commit decides. Depends on nothing of SQL; used by the parser for its words, by storage for rows
 * and by sessions, which release what they hold.
 */
@NullMarked
package io.ppdb.relational.lock;

import org.jspecify.annotations.NullMarked;

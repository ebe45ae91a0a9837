/**
 * Who may do what: roles, their memberships, owners and grants, as values that are asked.
 *
 * <p>Depends on nothing but error codes. The catalog stores what is here, statements that define
 * rights change it, the planner and the statements that change the catalog ask it. How to read what
 * a statement says, and what a statement needs, does not belong here.
 */
@NullMarked
package io.ppdb.relational.access;

import org.jspecify.annotations.NullMarked;

/**
 * The rules of the published rounds as tables, and the checker that applies them to logs.
 *
 * <p>The tables hold data and named conditions, never expressions. A verdict agrees with the official checker of the same
 * ruleset; what that one lets pass against the rules is a warning here.
 */
@NullMarked
package org.mlhpc.rules;

import org.jspecify.annotations.NullMarked;

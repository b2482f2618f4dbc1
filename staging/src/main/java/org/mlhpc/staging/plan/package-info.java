/** Which way of staging is worth it: measured facts, predicted seconds, a choice with its reasons. */
@NullMarked
package org.mlhpc.staging.plan;

import org.jspecify.annotations.NullMarked;

/** What a call of the checker found, as text, JSON and CSV. */
@NullMarked
package org.mlhpc.rules.report;

import org.jspecify.annotations.NullMarked;

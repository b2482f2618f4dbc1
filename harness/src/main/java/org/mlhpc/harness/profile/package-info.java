/** What {@code run --profile} measures beside an ordinary run. */
@NullMarked
package org.mlhpc.harness.profile;

import org.jspecify.annotations.NullMarked;

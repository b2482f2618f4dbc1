/** What has become of a campaign of batch jobs, and its results brought together. */
@NullMarked
package org.mlhpc.harness.campaign;

import org.jspecify.annotations.NullMarked;

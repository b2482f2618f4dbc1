/**
 * Brings data sets from where they are kept to where a run reads them: a plan with predictions, then the copy itself,
 * checked, resumable, and with an account of what moved. docs/staging.md is for users.
 */
@NullMarked
package org.mlhpc.staging;

import org.jspecify.annotations.NullMarked;

/**
 * LMDB files: one file per environment, without lock files, records of any size under short text keys.
 *
 * <p>LMDB maps files into memory, and reading beyond their end kills the process. So what a file says of its length is
 * compared with its length before anything else is read.
 */
@NullMarked
package org.mlhpc.oc20.lmdb;

import org.jspecify.annotations.NullMarked;

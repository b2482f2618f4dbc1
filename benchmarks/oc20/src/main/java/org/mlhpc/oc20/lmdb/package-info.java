/**
 * LMDB files: one file per environment, without lock files, records of any size under short text keys.
 *
 * <p>Written by LMDB itself, read without it: LMDB maps files into memory and trusts them, so that a damaged one ends the process.
 */
@NullMarked
package org.mlhpc.oc20.lmdb;

import org.jspecify.annotations.NullMarked;

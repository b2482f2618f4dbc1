/**
 * Brings files into a folder: reading and writing in large requests, checksums on the way, journal, publication, lock.
 *
 * <p>Priorities: never a wrong or half-written file under its name, then nothing done twice, then speed.
 */
@NullMarked
package org.mlhpc.staging.engine;

import org.jspecify.annotations.NullMarked;

/**
 * Python pickles that hold graphs of tensors, read without Python.
 *
 * <p>A pickle is a program for a stack machine that may call whatever it names. This reader knows the few names that
 * tensors and graphs are built from and makes plain values of them; it calls nothing. Every other name is refused, whatever
 * is done with it, and the work is bounded before it begins.
 */
@NullMarked
package org.mlhpc.oc20.pickle;

import org.jspecify.annotations.NullMarked;

/** Reading ahead: decodes samples in other threads, in the order the training asks for them. */
@NullMarked
package org.mlhpc.torch.data;

import org.jspecify.annotations.NullMarked;

package org.mlhpc.oc20.pickle;

import java.io.IOException;

/** A pickle that is damaged, too large, or names something that graphs of tensors do not need. */
public final class PickleException extends IOException {
    private static final long serialVersionUID = 1;

    PickleException(String message) {
        super(message);
    }
}

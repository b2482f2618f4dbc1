package org.mlhpc.staging.engine;

import java.io.IOException;

/** What was read from the source is not what it should be; another reading may be better. */
final class DamagedSourceException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedSourceException(String message) {
        super(message);
    }

    DamagedSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.mlhpc.rules.pack;

/** The runs cannot be submitted; the message says why and what to do. */
public final class NotQualified extends Exception {
    private static final long serialVersionUID = 1;

    NotQualified(String message) {
        super(message);
    }
}

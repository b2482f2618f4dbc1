package org.mlhpc.harness;

/** Something wrong with what was asked, which every rank of the job finds alike, so that one of them says it. */
public final class RefusedByAll extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public RefusedByAll(String message) {
        super(message);
    }

    /** {@code found}, by a check of what no rank sees otherwise than the others. */
    public RefusedByAll(IllegalArgumentException found) {
        super(found.getMessage(), found);
    }
}

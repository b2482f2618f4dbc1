package org.mlhpc.api;

/** How long one operator took, in seconds; {@code name} as in {@link OperatorWork}. */
public record OperatorTime(String name, double forwardSeconds, double backwardSeconds) {
    /** Both together, under this one's name. */
    public OperatorTime plus(OperatorTime other) {
        return new OperatorTime(name, forwardSeconds + other.forwardSeconds, backwardSeconds + other.backwardSeconds);
    }
}

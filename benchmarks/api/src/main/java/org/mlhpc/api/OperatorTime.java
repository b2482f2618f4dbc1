package org.mlhpc.api;

/** How long one operator took, in seconds; {@code name} as in {@link OperatorWork}. */
public record OperatorTime(String name, double forwardSeconds, double backwardSeconds) {}

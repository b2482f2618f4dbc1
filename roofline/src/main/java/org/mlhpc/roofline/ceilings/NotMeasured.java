package org.mlhpc.roofline.ceilings;

/**
 * What is missing from a machine's ceilings.
 *
 * @param what such as {@code compute plain loop fma bf16}
 * @param fix what to do about it; empty if nothing can be done
 */
public record NotMeasured(String what, String why, String fix) {}

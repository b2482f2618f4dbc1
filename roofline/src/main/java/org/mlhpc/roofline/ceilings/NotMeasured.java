package org.mlhpc.roofline.ceilings;

/**
 * What is missing from a machine's ceilings.
 *
 * @param what such as {@code compute plain loop fma bf16}
 * @param why it is missing; where nothing can be done, this ends with {@code no fix:} and the reason
 * @param fix what to do about it; empty if nothing can be done
 */
public record NotMeasured(String what, String why, String fix) {}

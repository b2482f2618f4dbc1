package org.mlhpc.roofline.counters;

/**
 * Whether a counter can be read here.
 *
 * @param detail what it covers if it is available, else what is missing
 * @param remedy how to enable it; empty if it is available or nothing helps
 */
public record Availability(boolean available, String detail, String remedy) {
    static Availability covers(String what) {
        return new Availability(true, what, "");
    }

    static Availability missing(String what, String remedy) {
        return new Availability(false, what, remedy);
    }
}

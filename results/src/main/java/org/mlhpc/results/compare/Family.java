package org.mlhpc.results.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mlhpc.results.entry.Entry;

/**
 * Results of one benchmark that are predicted from each other, at whatever scale and in whatever round.
 *
 * @param system a machine by its name, or submitter and generation of accelerator
 */
record Family(String benchmark, String system) {
    private static final Pattern GENERATION = Pattern.compile("\\b[A-Z]+\\d{2,}[A-Z]*\\b");
    /** The number of nodes or accelerators in a name, as {@code _n512_}, {@code _8192xA64FX_} or {@code _128x4}. */
    private static final Pattern SCALE = Pattern.compile("_n?\\d+(x\\w*)?(_|$)");

    /** Results on one machine. */
    static Family ofMachine(Entry entry) {
        return new Family(entry.task().benchmark(), machineOf(entry.label().system()));
    }

    /** Results of one submitter on one generation of accelerator, which may be on several machines. */
    static Family ofKind(Entry entry) {
        String submitter = entry.label().submitter().split("[/+]", 2)[0].strip();
        return new Family(
                entry.task().benchmark(),
                submitter + ", " + generationOf(entry.machine().model()));
    }

    /** What stands before the scale in the name of a system, as fugaku in fugaku_512xA64FX_tensorflow_closed. */
    static String machineOf(String system) {
        Matcher matcher = SCALE.matcher(system);
        return matcher.find() && matcher.start() > 0 ? system.substring(0, matcher.start()) : system;
    }

    /** The model's generation, as A100 in "NVIDIA A100-SXM4-80GB (400W)": its variants share a curve. */
    static String generationOf(String model) {
        Matcher matcher = GENERATION.matcher(model);
        return matcher.find() ? matcher.group() : model;
    }
}

package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Processors as the kernel lists them. */
public final class ProcessorList {
    private ProcessorList() {}

    /**
     * Members of a list such as {@code 0-3,8}.
     *
     * @throws IOException if it is none
     */
    public static List<Integer> members(String list) throws IOException {
        var members = new ArrayList<Integer>();
        try {
            for (String range : list.split(",", -1)) {
                String[] ends = range.split("-", -1);
                IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                        .forEach(members::add);
            }
        } catch (NumberFormatException e) {
            throw new IOException("the kernel gives a list of processors as '" + list + "'", e);
        }
        return members;
    }
}

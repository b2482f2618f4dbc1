package org.mlhpc.harness.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers from 1 on, as {@code 1,2,8} or {@code 1..4096}: a range goes in powers of two from its first number, and ends with
 * its last.
 *
 * @param values in the order given
 */
record Counts(List<Integer> values) {
    Counts {
        values = List.copyOf(values);
    }

    /** Reads them from the command line. */
    static final class Reader implements ITypeConverter<Counts> {
        @Override
        public Counts convert(String text) {
            var values = new ArrayList<Integer>();
            for (String part : text.split(",", -1)) {
                String[] ends = part.strip().split("\\.\\.", -1);
                int first = number(text, ends[0]);
                int last = number(text, ends[ends.length - 1]);
                if (ends.length > 2 || first > last) {
                    throw wrong(text);
                }
                for (long value = first; value < last; value *= 2) {
                    values.add((int) value);
                }
                values.add(last);
            }
            return new Counts(values);
        }

        private static int number(String text, String digits) {
            if (!digits.matches("[1-9]\\d{0,8}")) {
                throw wrong(text);
            }
            return Integer.parseInt(digits);
        }

        private static TypeConversionException wrong(String text) {
            return new TypeConversionException(
                    "'" + text + "' is neither a list such as 1,2,8 nor a range such as 1..4096");
        }
    }

    @Override
    public String toString() {
        return String.join(
                ",", Arrays.stream(values.toArray()).map(String::valueOf).toList());
    }
}

package org.mlhpc.harness.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a rate such as {@code 50MB/s} or {@code 1.5 GiB/s}, in bytes per second. */
final class Rate implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?) ?((?:[KMG]i|[kKMG])?)B/s");
    private static final Map<String, Double> FACTORS =
            Map.of("", 1.0, "k", 1e3, "K", 1e3, "M", 1e6, "G", 1e9, "Ki", 0x1p10, "Mi", 0x1p20, "Gi", 0x1p30);

    @Override
    public Double convert(String text) {
        Matcher matcher = FORM.matcher(text);
        Double factor = matcher.matches() ? FACTORS.get(matcher.group(2)) : null;
        double rate = factor == null ? 0 : factor * Double.parseDouble(matcher.group(1));
        if (!(rate > 0)) {
            throw new TypeConversionException("'" + text + "' is no rate above 0 such as 50MB/s or 1.5GiB/s");
        }
        return rate;
    }
}

package org.mlhpc.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** Tables as comma-separated values (RFC 4180). */
public final class Csv {
    private Csv() {}

    /** Rows under their header, in lines that end as those of Unix; numbers are not rounded. */
    public static String of(List<String> header, List<List<Object>> rows) {
        var csv = new StringBuilder();
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader(header.toArray(new String[0]))
                .setRecordSeparator('\n')
                .get();
        try (var printer = format.print(csv)) {
            printer.printRecords(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return csv.toString();
    }
}

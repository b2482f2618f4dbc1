package org.mlhpc.harness.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mlhpc.results.Csv;

/** Rows under a header, in which units belong. A cell is a text, a number, or empty if there is nothing to say. */
final class Table {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<Object>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    /** @throws IllegalArgumentException if there are not as many cells as columns */
    Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    String format(Format format) throws IOException {
        return switch (format) {
            case TEXT -> text();
            case JSON -> json();
            case CSV -> Csv.of(header, rows);
        };
    }

    private String json() throws IOException {
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(objects()) + "\n";
    }

    List<String> header() {
        return header;
    }

    /** Rows by column, without empty cells. */
    List<Map<String, Object>> objects() {
        var objects = new ArrayList<Map<String, Object>>();
        for (List<Object> row : rows) {
            var object = new LinkedHashMap<String, Object>();
            for (int column = 0; column < row.size(); column++) {
                if (!row.get(column).equals("")) {
                    object.put(header.get(column), row.get(column));
                }
            }
            objects.add(object);
        }
        return objects;
    }

    /** Columns of equal width, numbers to the right with four significant digits. */
    private String text() {
        var text = new StringBuilder();
        appendLine(text, List.copyOf(header));
        rows.forEach(row -> appendLine(text, row));
        return text.toString();
    }

    private void appendLine(StringBuilder text, List<?> cells) {
        var line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String padding = " ".repeat(width(column) - shown(cells.get(column)).length());
            line.append(column == 0 ? "" : GAP)
                    .append(numeric(column) ? padding : "")
                    .append(shown(cells.get(column)))
                    .append(numeric(column) ? "" : padding);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private int width(int column) {
        int widest = header.get(column).length();
        for (List<Object> row : rows) {
            widest = Math.max(widest, shown(row.get(column)).length());
        }
        return widest;
    }

    private boolean numeric(int column) {
        return rows.stream().anyMatch(row -> row.get(column) instanceof Number);
    }

    private static String shown(Object cell) {
        return cell instanceof Double number ? String.format(Locale.ROOT, "%.4g", number) : cell.toString();
    }
}

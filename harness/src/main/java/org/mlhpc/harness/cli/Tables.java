package org.mlhpc.harness.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several tables as one output. As JSON an object with a member for each; as CSV one table with the columns of all, the first
 * of which, {@code table}, says where a row belongs.
 */
final class Tables {
    private static final String NAME = "table";

    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** Adds a table after those before. */
    Tables add(String name, Table table) {
        tables.put(name, table);
        return this;
    }

    String format(Format format) throws IOException {
        return switch (format) {
            case TEXT -> text();
            case JSON -> json();
            case CSV -> stacked().format(Format.CSV);
        };
    }

    private String text() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Table table : tables.values()) {
            texts.add(table.format(Format.TEXT));
        }
        return String.join("\n", texts);
    }

    private String json() throws IOException {
        Map<String, List<Map<String, Object>>> members = new LinkedHashMap<>();
        tables.forEach((name, table) -> members.put(name, table.objects()));
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(members) + "\n";
    }

    private Table stacked() {
        Set<String> columns = new LinkedHashSet<>(List.of(NAME));
        tables.values().forEach(table -> columns.addAll(table.header()));
        List<String> order = List.copyOf(columns);
        var all = new Table(order.toArray(new String[0]));
        tables.forEach((name, table) -> table.objects().forEach(row -> {
            Object[] cells = new Object[order.size()];
            Arrays.setAll(cells, i -> row.getOrDefault(order.get(i), ""));
            cells[0] = name;
            all.row(cells);
        }));
        return all;
    }
}

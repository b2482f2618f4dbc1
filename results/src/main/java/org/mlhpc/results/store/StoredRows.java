package org.mlhpc.results.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Between rows of the data base and values. What is not known is NULL there. */
final class StoredRows {
    private StoredRows() {}

    /** Fills in the columns of a run in the order of the insertion. */
    static void bind(PreparedStatement insert, StoredRun run) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(List.of(
                run.added(),
                run.started(),
                run.file(),
                run.sha256(),
                run.benchmark(),
                run.division(),
                run.system(),
                run.status()));
        values.add(run.batch().isPresent() ? run.batch().getAsLong() : null);
        values.add(run.seed().isPresent() ? run.seed().getAsLong() : null);
        values.add(orNull(run.minutes()));
        values.add(orNull(run.epochs()));
        values.add(orNull(run.quality()));
        values.add(orNull(run.trainSamplesPerSecond()));
        values.add(run.record().orElse(null));
        for (int i = 0; i < values.size(); i++) {
            insert.setObject(i + 1, values.get(i));
        }
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }

    static List<StoredRun> runs(PreparedStatement select) throws SQLException {
        var runs = new ArrayList<StoredRun>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                runs.add(run(rows));
            }
        }
        return runs;
    }

    private static StoredRun run(ResultSet row) throws SQLException {
        return new StoredRun(
                row.getLong("id"),
                row.getString("added"),
                row.getString("started"),
                row.getString("file"),
                row.getString("sha256"),
                row.getString("benchmark"),
                row.getString("division"),
                row.getString("system"),
                row.getString("status"),
                integer(row, "batch"),
                integer(row, "seed"),
                number(row, "minutes"),
                number(row, "epochs"),
                number(row, "quality"),
                number(row, "train_samples_per_s"),
                Optional.ofNullable(row.getString("record")));
    }

    private static OptionalLong integer(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static OptionalDouble number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** All columns and rows of an answer. */
    static RunStore.Rows all(ResultSet result) throws SQLException {
        int count = result.getMetaData().getColumnCount();
        var columns = new ArrayList<String>();
        for (int i = 1; i <= count; i++) {
            columns.add(result.getMetaData().getColumnLabel(i));
        }
        var rows = new ArrayList<List<Object>>();
        while (result.next()) {
            var row = new ArrayList<Object>();
            for (int i = 1; i <= count; i++) {
                row.add(Optional.ofNullable(result.getObject(i)).orElse(""));
            }
            rows.add(row);
        }
        return new RunStore.Rows(columns, rows);
    }
}

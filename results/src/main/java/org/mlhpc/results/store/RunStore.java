package org.mlhpc.results.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Runs in an SQLite file: one table {@code runs}, each log once, by its hash. Any tool that reads SQLite can read it. Several
 * processes may use it at a time; a writer waits for another.
 */
public final class RunStore implements Closeable {
    private static final int VERSION = 1;
    private static final int WAIT_MILLIS = 10_000;
    private static final String TABLE =
            """
            CREATE TABLE runs (id INTEGER PRIMARY KEY, added TEXT NOT NULL, started TEXT NOT NULL, file TEXT NOT NULL,
            sha256 TEXT NOT NULL UNIQUE, benchmark TEXT NOT NULL, division TEXT NOT NULL, system TEXT NOT NULL,
            status TEXT NOT NULL, batch INTEGER, seed INTEGER, minutes REAL, epochs REAL, quality REAL,
            train_samples_per_s REAL, record TEXT)
            """;
    private static final String INSERT =
            """
            INSERT INTO runs (added, started, file, sha256, benchmark, division, system, status, batch, seed, minutes, epochs,
            quality, train_samples_per_s, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sha256) DO NOTHING
            """;

    private final Path file;
    private final Connection connection;

    private RunStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Opens {@code file} for adding runs; makes it if there is none. */
    public static RunStore open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        RunStore store = connect(file, false);
        store.prepare();
        return store;
    }

    /** @throws IOException if there is no {@code file} */
    public static RunStore openReadOnly(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no store " + file + "; ./mlhpc results add RESULT makes one");
        }
        RunStore store = connect(file, true);
        store.checkVersion();
        return store;
    }

    private static RunStore connect(Path file, boolean readOnly) throws IOException {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(WAIT_MILLIS);
        try {
            return new RunStore(file, config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static IOException failure(Path file, SQLException e) {
        boolean foreign =
                e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB;
        return new IOException(file + (foreign ? " is no store: it is not an SQLite file" : ": " + e.getMessage()), e);
    }

    private void prepare() throws IOException {
        try (Statement statement = connection.createStatement()) {
            if (version(statement) == 0) {
                statement.executeUpdate("BEGIN IMMEDIATE");
                // Another process may have been faster.
                if (version(statement) == 0) {
                    statement.executeUpdate(TABLE);
                    statement.executeUpdate("PRAGMA user_version = " + VERSION);
                }
                statement.executeUpdate("COMMIT");
            }
        } catch (SQLException e) {
            close();
            throw failure(file, e);
        }
        checkVersion();
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet version = statement.executeQuery("PRAGMA user_version")) {
            return version.getInt(1);
        }
    }

    private void checkVersion() throws IOException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement);
            if (version != VERSION) {
                close();
                throw new IOException(file + " is no store of this version of mlhpc (version " + version
                        + " instead of " + VERSION + "); use another file");
            }
        } catch (SQLException e) {
            close();
            throw failure(file, e);
        }
    }

    /** Adds a run, whose id does not count; false if the store has its log. */
    public boolean add(StoredRun run) throws IOException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
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
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }

    /** Which runs to list; an empty text is any. Times are ISO 8601, compared as texts. */
    public record Filter(String benchmark, String system, String status, String since) {}

    /** Runs by their start. */
    public List<StoredRun> list(Filter filter) throws IOException {
        String sql = "SELECT * FROM runs WHERE (?1 = '' OR benchmark = ?1) AND (?2 = '' OR system GLOB ?2)"
                + " AND (?3 = '' OR status = ?3) AND started >= ?4 ORDER BY started, id";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, filter.benchmark);
            select.setString(2, filter.system);
            select.setString(3, filter.status);
            select.setString(4, filter.since);
            return runs(select);
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /** What {@link #list} would say of runs that are in no store. */
    public static List<StoredRun> filter(List<StoredRun> runs, Filter filter) throws IOException {
        RunStore memory = connect(Path.of(":memory:"), false);
        try (memory) {
            memory.prepare();
            for (StoredRun run : runs) {
                memory.add(run);
            }
            return memory.list(filter).stream().map(StoredRun::withoutId).toList();
        }
    }

    /** The run with a number. */
    public Optional<StoredRun> find(long id) throws IOException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM runs WHERE id = ?")) {
            select.setLong(1, id);
            return runs(select).stream().findFirst();
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static List<StoredRun> runs(PreparedStatement select) throws SQLException {
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

    /**
     * Rows of any query.
     *
     * @param columns names of the columns
     * @param rows values: texts and numbers; an empty text for NULL
     */
    public record Rows(List<String> columns, List<List<Object>> rows) {}

    /** @throws IllegalArgumentException if {@code sql} is no query, or changes something */
    public Rows query(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
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
            return new Rows(columns, rows);
        } catch (SQLException e) {
            throw new IllegalArgumentException("the query cannot be answered: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }
}

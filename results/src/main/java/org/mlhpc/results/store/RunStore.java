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
import java.util.List;
import java.util.Optional;
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
            StoredRows.bind(insert, run);
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw failure(file, e);
        }
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
            return StoredRows.runs(select);
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
            return StoredRows.runs(select).stream().findFirst();
        } catch (SQLException e) {
            throw failure(file, e);
        }
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
            return StoredRows.all(result);
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

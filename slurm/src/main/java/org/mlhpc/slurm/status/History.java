package org.mlhpc.slurm.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mlhpc.slurm.status.Event.Kind;

/** What happened to one run so far, in the order of the file. */
public record History(List<Event> events) {
    public History {
        events = List.copyOf(events);
    }

    /** The events in {@code file}, which a job may be writing to; none if there is no such file. */
    public static History read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new History(List.of());
        }
        // Messages of programs may hold anything.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        String complete = text.substring(0, text.lastIndexOf('\n') + 1);
        return new History(
                complete.lines().map(Event::parse).flatMap(Optional::stream).toList());
    }

    /** The newest event. */
    public Optional<Event> last() {
        return events.isEmpty() ? Optional.empty() : Optional.of(events.get(events.size() - 1));
    }

    /** All events of a kind. */
    public List<Event> all(Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    /** How often the run was started. */
    public int starts() {
        return all(Kind.STARTED).size();
    }

    /** Nodes of the newest start, comma-separated. */
    public Optional<String> nodes() {
        return all(Kind.STARTED).stream().map(Event::text).reduce((earlier, later) -> later);
    }

    /** What came after the newest start; everything if there was none. */
    private List<Event> sinceStart() {
        int start = -1;
        for (int i = 0; i < events.size(); i++) {
            start = events.get(i).kind() == Kind.STARTED ? i : start;
        }
        return events.subList(start + 1, events.size());
    }

    /** Why the newest start ended, if it has: the first event behind it that says so. */
    public Optional<Event> ending() {
        return sinceStart().stream().filter(event -> event.kind().ends()).findFirst();
    }

    /** What told the newest start to end. */
    Optional<Event> signal() {
        return sinceStart().stream()
                .filter(event -> event.kind() == Kind.SIGNAL)
                .findFirst();
    }

    /** Why the run was given up, if it was and nobody has started it since. */
    public Optional<Event> givenUp() {
        return sinceStart().stream()
                .filter(event -> event.kind() == Kind.FAILED || event.kind() == Kind.OOM)
                .reduce((earlier, later) -> later);
    }

    /** Time between the ends of starts and the starts after them, in which the run waited for nodes. */
    public Duration waited() {
        Duration waited = Duration.ZERO;
        boolean started = false;
        Optional<Instant> ended = Optional.empty();
        for (Event event : events) {
            if (event.kind() == Kind.STARTED) {
                waited = ended.map(end -> Duration.between(end, event.time()))
                        .orElse(Duration.ZERO)
                        .plus(waited);
                ended = Optional.empty();
                started = true;
            } else if (started && event.kind().ends() && ended.isEmpty()) {
                ended = Optional.of(event.time());
            }
        }
        return waited;
    }
}

package org.mlhpc.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.rules.Violation.Severity;

/** One row of a table on its way through one log. */
final class RuleState {
    private static final double MILLIS_PER_MINUTE = 60_000;

    private final RuleTable table;
    private final Rule rule;
    private final String file;
    /** By aspect of the rule. */
    private final Map<String, Findings> findings = new LinkedHashMap<>();

    private @Nullable MlLogEvent first;
    private @Nullable MlLogEvent last;
    private @Nullable MlLogEvent different;
    private boolean reached;
    private boolean incomparable;

    RuleState(RuleTable table, Rule rule, String file) {
        this.table = table;
        this.rule = rule;
        this.file = file;
    }

    RuleTable table() {
        return table;
    }

    Rule rule() {
        return rule;
    }

    Map<String, Findings> findings() {
        return findings;
    }

    /** Checks an event with the key of this row; {@code before} does not know it yet. */
    void see(MlLogEvent event, LogHistory before) {
        checkOrder(event, before);
        checkTime(event, before);
        checkValue(event);
        checkReached(event);
        checkMetadata(event);
        checkEventType(event);
        if (first == null) {
            first = event;
        } else if (different == null && !JsonValues.same(first.value(), event.value())) {
            different = event;
        }
        last = event;
    }

    private void checkOrder(MlLogEvent event, LogHistory before) {
        for (String earlier : orEmpty(rule.after())) {
            if (before.lines(earlier) == 0) {
                add("order", event, "no " + earlier + " before it", "after " + earlier, "log it after " + earlier);
            }
        }
        for (String later : orEmpty(rule.before())) {
            if (before.lines(later) > 0) {
                add("order", event, later + " before it", "before " + later, "log it before " + later);
            }
        }
    }

    private void checkTime(MlLogEvent event, LogHistory before) {
        Rule.Within within = rule.within();
        if (within == null) {
            return;
        }
        OptionalDouble start = before.earliestMillis(within.first());
        double minutes = (event.timeMillis() - start.orElse(event.timeMillis())) / MILLIS_PER_MINUTE;
        if (!(minutes < within.minutes())) {
            String allowed = "less than " + within.minutes() + " min after the first " + within.first();
            add("time", event, minutes + " min after it", allowed, "shorten what lies between, or time it");
        }
    }

    private void checkValue(MlLogEvent event) {
        Limit limit = rule.value();
        if (limit != null) {
            check(limit, event.value(), "value", "type", event);
        }
    }

    private void check(Limit limit, JsonNode value, String aspect, String typeAspect, MlLogEvent event) {
        String found = JsonValues.shown(value);
        if (!limit.allows(value)) {
            add(aspect, event, found, limit.described(), table.changeOf(rule));
        } else if (!limit.fits(value)) {
            String allowed = "type " + limit.typeDescribed();
            add(typeAspect, Severity.WARNING, event, found, allowed, "log it with the type that is meant");
        }
    }

    /** A value that cannot be compared ends the official checker with an exception. */
    private void checkReached(MlLogEvent event) {
        Limit limit = rule.reached();
        if (limit == null) {
            return;
        }
        JsonNode value = event.value();
        if (limit.needsNumber() && JsonValues.number(value).isEmpty()) {
            incomparable = true;
            add("type", event, JsonValues.shown(value), "a number", "log the metric as a number");
        } else if (!limit.fits(value)) {
            add("type", Severity.WARNING, event, JsonValues.shown(value), "a number", "log the metric as a number");
        }
        reached |= limit.allows(value);
    }

    private void checkMetadata(MlLogEvent event) {
        JsonNode metadata = event.metadata();
        for (String member : orEmpty(rule.metadata())) {
            if (!JsonValues.mentions(metadata, member)) {
                String found = "no " + member + " in the metadata";
                add(member, event, found, "metadata with " + member, "add " + member + " to the metadata");
            }
        }
        Map<String, Limit> limits = rule.metadataValues() == null ? Map.of() : rule.metadataValues();
        limits.forEach((member, limit) -> {
            if (JsonValues.mentions(metadata, member)) {
                check(limit, metadata.path(member), member, member, event);
            }
        });
    }

    private void checkEventType(MlLogEvent event) {
        Rule.EventType meant = rule.event();
        String type = event.json().path("event_type").textValue();
        if (meant != null && type != null && LineForm.isEventType(type) && !type.equals(meant.name())) {
            add("event_type", Severity.WARNING, event, type, meant.name(), "log it as " + meant.name());
        }
    }

    /** Checks what is known only at the end of the log. */
    void finish(LogHistory history) {
        checkCount(history);
        Limit target = rule.reached();
        if (target != null && last != null && !reached && !incomparable) {
            String found = "last " + JsonValues.shown(last.value());
            add("reached", last, found, "once " + target.described(), "train until the target is reached");
        }
    }

    private void checkCount(LogHistory history) {
        Rule.Lines lines = rule.lines();
        if (lines == null) {
            return;
        }
        int count = count(history);
        String allowed = allowedLines();
        if (count == 0) {
            findings("count").add(rule.severity(), OptionalLong.empty(), "no line", allowed, "log " + rule.key());
        } else if (lines == Rule.Lines.ONE && count > 1) {
            String change = "log " + rule.key() + " once";
            if (different != null && first != null) {
                String found = count + " lines, with " + JsonValues.shown(first.value()) + " and "
                        + JsonValues.shown(different.value());
                add("count", different, found, allowed, change);
            } else if (last != null) {
                add("count", Severity.WARNING, last, count + " lines with the same value", allowed, change);
            }
        }
    }

    /** That there is no line, where there must be one. */
    Optional<Violation> missing(LogHistory history) {
        if (rule.lines() == null || count(history) > 0) {
            return Optional.empty();
        }
        var none = new Findings(identifier("count"), table.sectionOf(rule), file);
        none.add(rule.severity(), OptionalLong.empty(), "no line", allowedLines(), "log " + rule.key());
        return Optional.of(none.violations().get(0));
    }

    private int count(LogHistory history) {
        String alternative = rule.or();
        return history.lines(rule.key()) + (alternative == null ? 0 : history.lines(alternative));
    }

    private String allowedLines() {
        String alternative = rule.or();
        return (rule.lines() == Rule.Lines.ONE ? "exactly one line" : "at least one line")
                + (alternative == null ? "" : " of it or of " + alternative);
    }

    private String identifier(String aspect) {
        return table.table() + "." + rule.key() + "." + aspect;
    }

    private void add(String aspect, MlLogEvent event, String found, String allowed, String change) {
        add(aspect, rule.severity(), event, found, allowed, change);
    }

    private void add(String aspect, Severity severity, MlLogEvent event, String found, String allowed, String change) {
        findings(aspect).add(severity, OptionalLong.of(event.line()), found, allowed, change);
    }

    private Findings findings(String aspect) {
        return findings.computeIfAbsent(aspect, a -> new Findings(identifier(a), table.sectionOf(rule), file));
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }
}

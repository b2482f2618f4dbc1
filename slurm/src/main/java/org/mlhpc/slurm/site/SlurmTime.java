package org.mlhpc.slurm.site;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time limits as Slurm writes them: minutes, M:SS, H:MM:SS, D-H, D-H:MM or D-H:MM:SS. */
public record SlurmTime(Duration duration) implements Comparable<SlurmTime> {
    private static final Pattern WITH_DAYS = Pattern.compile("(\\d{1,5})-(\\d{1,2})(?::(\\d\\d))?(?::(\\d\\d))?");
    private static final Pattern HOURS = Pattern.compile("(\\d{1,5}):(\\d\\d):(\\d\\d)");
    private static final Pattern MINUTES = Pattern.compile("(\\d{1,7})(?::(\\d\\d))?");

    /** The time that {@code text} says; empty if it says none. */
    public static Optional<SlurmTime> of(String text) {
        Matcher days = WITH_DAYS.matcher(text);
        if (days.matches()) {
            return Optional.of(new SlurmTime(Duration.ofDays(number(days, 1))
                    .plusHours(number(days, 2))
                    .plusMinutes(number(days, 3))
                    .plusSeconds(number(days, 4))));
        }
        Matcher hours = HOURS.matcher(text);
        if (hours.matches()) {
            return Optional.of(new SlurmTime(Duration.ofHours(number(hours, 1))
                    .plusMinutes(number(hours, 2))
                    .plusSeconds(number(hours, 3))));
        }
        Matcher minutes = MINUTES.matcher(text);
        return minutes.matches()
                ? Optional.of(
                        new SlurmTime(Duration.ofMinutes(number(minutes, 1)).plusSeconds(number(minutes, 2))))
                : Optional.empty();
    }

    private static long number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    /**
     * The time that an option or key gives.
     *
     * @param source name of option or key, for the message
     * @throws IllegalArgumentException if it is no time above 0
     */
    public static SlurmTime parse(String source, String text) {
        return of(text).filter(time -> !time.duration.isZero())
                .orElseThrow(() -> new IllegalArgumentException(
                        source + "=" + text + " is not minutes, H:MM:SS or D-HH:MM:SS, above 0"));
    }

    /** The smaller of both. */
    public SlurmTime atMost(SlurmTime limit) {
        return compareTo(limit) <= 0 ? this : limit;
    }

    @Override
    public int compareTo(SlurmTime other) {
        return duration.compareTo(other.duration);
    }

    /** H:MM:SS, or D-HH:MM:SS from a day on. */
    @Override
    public String toString() {
        long days = duration.toDays();
        String clock = String.format(
                Locale.ROOT,
                days > 0 ? "%02d:%02d:%02d" : "%d:%02d:%02d",
                duration.toHoursPart(),
                duration.toMinutesPart(),
                duration.toSecondsPart());
        return days > 0 ? days + "-" + clock : clock;
    }
}

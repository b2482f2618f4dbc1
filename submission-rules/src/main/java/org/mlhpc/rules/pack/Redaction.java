package org.mlhpc.rules.pack;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Replaces what tells about the place and the person, rather than the runs: host name, user name, home folder. */
public final class Redaction {
    private final Map<Pattern, String> replacements = new LinkedHashMap<>();

    /**
     * Leaves alone what is empty, and the user root, who is nobody in particular.
     *
     * @param host name of the machine, with or without a domain
     */
    public Redaction(String host, String user, Path home) {
        add(home.getNameCount() == 0 ? "" : home.toString(), "<home>");
        add(host, "<host>");
        add(host.replaceFirst("\\..*", ""), "<host>");
        add(user.equals("root") ? "" : user, "<user>");
    }

    /** For the machine and the user of this process. */
    public static Redaction ofThisProcess(String host) {
        return new Redaction(host, System.getProperty("user.name", ""), Path.of(System.getProperty("user.home", "/")));
    }

    private void add(String secret, String replacement) {
        if (!secret.isEmpty()) {
            replacements.put(
                    Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(secret) + "(?![A-Za-z0-9_])"), replacement);
        }
    }

    /** {@code text} without what must not leave the house. */
    public String apply(String text) {
        String result = text;
        for (Map.Entry<Pattern, String> replacement : replacements.entrySet()) {
            result = replacement.getKey().matcher(result).replaceAll(replacement.getValue());
        }
        return result;
    }

    /** The first thing in {@code text} that should have been replaced. */
    public Optional<String> leak(String text) {
        return replacements.keySet().stream()
                .map(pattern -> pattern.matcher(text))
                .filter(java.util.regex.Matcher::find)
                .map(java.util.regex.Matcher::group)
                .findFirst();
    }
}

package org.mlhpc.slurm.script;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keeps names and paths from becoming commands. */
public final class BatchText {
    /** Slurm reads its lines without a shell's quoting, so what would need it is refused. */
    private static final Pattern OPTION =
            Pattern.compile("--?[a-z][a-z-]*(=[A-Za-z0-9._/:@,+%&|*()\\[\\]=-]+)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/:@,+%=-]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_]\\w*)|\\$\\{([A-Za-z_]\\w*)}");

    private static final int WIDTH = 110;

    private BatchText() {}

    /** One word for the shell, whatever is in it. */
    public static String quoted(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word with a NUL character cannot be handed to a program");
        }
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Words for the shell. */
    public static String quoted(List<String> words) {
        return words.stream().map(BatchText::quoted).collect(Collectors.joining(" "));
    }

    /**
     * Words that are quoted already, an option with its value in one line as far as lines are not wider than 110 characters; further
     * lines are indented.
     */
    public static String wrapped(List<String> words) {
        var text = new StringBuilder();
        int column = 0;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean breaks = word.startsWith("--")
                    && column + word.length() + next(words, i).length() > WIDTH;
            text.append(i == 0 ? "" : breaks ? " \\\n    " : " ").append(word);
            column = (breaks ? 4 : column + 1) + word.length();
        }
        return text.toString();
    }

    private static String next(List<String> words, int i) {
        return i + 1 < words.size() && !words.get(i + 1).startsWith("--") ? words.get(i + 1) : "";
    }

    /**
     * A path for the shell in which {@code $NAME} and <code>${NAME}</code> stand for variables of the job, which {@link #requiring}
     * makes sure of; everything else stays as it is.
     */
    public static String expanding(String path) {
        var text = new StringBuilder();
        Matcher variable = VARIABLE.matcher(path);
        int end = 0;
        while (variable.find()) {
            String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
            text.append(quotedPart(path.substring(end, variable.start())))
                    .append("\"${")
                    .append(name)
                    .append("}\"");
            end = variable.end();
        }
        return text.append(quotedPart(path.substring(end))).toString();
    }

    /** Lines that end a job with exit code 3 and a message if it lacks a variable that {@code path} names. */
    public static List<String> requiring(String path) {
        return VARIABLE.matcher(path)
                .results()
                .map(variable -> variable.group(1) == null ? variable.group(2) : variable.group(1))
                .distinct()
                .map(name -> "[[ -n ${" + name + "-} ]] || { echo 'mlhpc: " + name
                        + " is not set in this job, but the folder to stage to names it' >&2 && exit 3; }")
                .toList();
    }

    private static String quotedPart(String part) {
        return part.isEmpty() ? "" : quoted(part);
    }

    /** @throws IllegalArgumentException if {@code option} cannot stand in a line for sbatch */
    public static void requireOption(String option) {
        if (!OPTION.matcher(option).matches()) {
            throw new IllegalArgumentException("'" + option
                    + "' cannot be an option of sbatch in a script: choose a name or path without spaces and quotes");
        }
    }
}

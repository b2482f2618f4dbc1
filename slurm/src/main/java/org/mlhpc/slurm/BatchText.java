package org.mlhpc.slurm;

/** Keeps names and paths from becoming commands. */
final class BatchText {
    /** Slurm reads its lines without a shell's quoting, so what would need it is refused. */
    private static final String OPTION = "--?[a-z][a-z-]*(=[A-Za-z0-9._/:@,+%&|*()\\[\\]=-]+)?";

    private BatchText() {}

    /** One word for the shell, whatever is in it. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9._/:@,+%=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** @throws IllegalArgumentException if {@code option} cannot stand in a line for sbatch */
    static void requireOption(String option) {
        if (!option.matches(OPTION)) {
            throw new IllegalArgumentException("'" + option
                    + "' cannot be an option of sbatch in a script: choose a name or path without spaces and quotes");
        }
    }
}

package org.mlhpc.results.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.mlhpc.results.RunRecord;

/** The part of a run's report on what it was made with: machine, software, command and settings. */
record ProvenanceSection(RunRecord run) {
    private static final double GIB = 1 << 30;

    void addTo(HtmlPage page) {
        machine(page);
        configuration(page);
    }

    private void machine(HtmlPage page) {
        RunRecord.Machine machine = run.machine();
        page.heading(2, "Machine");
        page.table(
                List.of(),
                List.of(
                        List.of("host", known(machine.host())),
                        List.of("processor", known(machine.cpu())),
                        List.of("cores per node", Integer.toString(machine.coresPerNode())),
                        List.of("memory per node", format("%.1f GiB", machine.memoryBytesPerNode() / GIB)),
                        List.of("accelerator", machine.acceleratorsPerNode() == 0 ? "none" : machine.accelerator()),
                        List.of("threads per rank", Integer.toString(machine.threadsPerRank())),
                        List.of("operating system", known(machine.operatingSystem())),
                        List.of("Java", known(machine.jdk())),
                        List.of("message passing", machine.mpi().isEmpty() ? "none: one process" : machine.mpi()),
                        List.of("engine", known(machine.engine())),
                        List.of("allocator", known(machine.allocator()))));
    }

    private void configuration(HtmlPage page) {
        page.heading(2, "Configuration");
        page.paragraph("mlhpc " + run.suite().version() + ", revision "
                + known(run.suite().gitRevision()) + ", called with: "
                + run.suite().command().stream().map(ProvenanceSection::quoted).collect(Collectors.joining(" ")));
        var rows = new ArrayList<List<String>>();
        for (Map.Entry<String, String> setting : run.settings().entrySet()) {
            rows.add(List.of(setting.getKey(), setting.getValue()));
        }
        page.foldedTable("Settings, SHA-256 " + run.settingsHash(), List.of("key", "value"), rows);
    }

    /** As a shell would want it. */
    private static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static String known(String text) {
        return text.isEmpty() ? "not known" : text;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

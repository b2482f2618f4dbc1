package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements of a module of one entry, with registers, parameters and the like as numbered slots. */
final class PtxProgram {
    /** A slot and what is added to it, or with slot -1 a constant. */
    record Operand(int slot, long offset) {}

    /**
     * @param opcode such as {@code ld, global, cg, v2, u64}
     * @param guard slot of the predicate; -1 if there is none
     * @param target index of the statement that a branch leads to
     * @param operands each of one part, or of several in braces
     * @param flop of one thread, by the shape of the product in the opcode
     */
    record Statement(List<String> opcode, int guard, int target, List<List<Operand>> operands, double flop) {
        String last() {
            return opcode.get(opcode.size() - 1);
        }
    }

    private final List<Statement> statements = new ArrayList<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final List<String> parameters = new ArrayList<>();
    private int sharedBytes;

    PtxProgram(String text) {
        for (String parameter : between(text, '(', text.indexOf(')')).split(", ", -1)) {
            parameters.add(parameter.substring(parameter.lastIndexOf(' ') + 1));
        }
        var plain = new ArrayList<String>();
        var labels = new HashMap<String, Integer>();
        for (String piece : between(text, '{', text.lastIndexOf('}')).split(";\\s*", -1)) {
            String rest = piece.strip();
            while (rest.matches("(?s)[A-Z]+:.*")) {
                labels.put(rest.substring(0, rest.indexOf(':')), plain.size());
                rest = rest.substring(rest.indexOf(':') + 1).strip();
            }
            if (rest.startsWith(".shared")) {
                sharedBytes = Integer.parseInt(rest.replaceAll(".*\\[(\\d+)]", "$1"));
            } else if (!rest.startsWith(".reg") && !rest.isEmpty()) {
                plain.add(rest);
            }
        }
        plain.forEach(line -> statements.add(statement(line, labels)));
    }

    private static String between(String text, char open, int close) {
        return text.substring(text.indexOf(open) + 1, close);
    }

    private Statement statement(String text, Map<String, Integer> labels) {
        boolean guarded = text.startsWith("@");
        int guard = guarded ? slot(text.substring(1, text.indexOf(' '))) : -1;
        String[] parts = (guarded ? text.substring(text.indexOf(' ') + 1) : text).split(" ", 2);
        List<String> opcode = List.of(parts[0].split("\\.", -1));
        if (opcode.contains("bra")) {
            return new Statement(opcode, guard, labels.get(parts[1]), List.of(), 0);
        }
        var operands = new ArrayList<List<Operand>>();
        if (parts.length == 2) {
            for (String operand : parts[1].split(",\\s*(?![^{]*})", -1)) {
                var list = new ArrayList<Operand>();
                for (String part : operand.replaceAll("[{}\\[\\]]", "").split(",\\s*", -1)) {
                    list.add(operand(part));
                }
                operands.add(list);
            }
        }
        return new Statement(opcode, guard, -1, operands, flop(opcode));
    }

    private static double flop(List<String> opcode) {
        if (opcode.get(0).equals("fma")) {
            return opcode.get(opcode.size() - 1).endsWith("x2") ? 4 : 2;
        }
        for (String part : opcode) {
            if (part.matches("m\\d+n\\d+k\\d+")) {
                double operations = 2;
                for (String side : part.substring(1).split("[nk]", -1)) {
                    operations *= Integer.parseInt(side);
                }
                return operations / (opcode.get(0).equals("wgmma") ? 128 : 32);
            }
        }
        return 0;
    }

    private Operand operand(String text) {
        if (text.startsWith("0d")) {
            return new Operand(-1, Long.parseUnsignedLong(text.substring(2), 16));
        }
        if (text.startsWith("0f")) {
            return new Operand(-1, Integer.parseUnsignedInt(text.substring(2), 16));
        }
        if (text.matches("\\d+")) {
            return new Operand(-1, Long.parseLong(text));
        }
        int plus = text.indexOf('+');
        return plus < 0
                ? new Operand(slot(text), 0)
                : new Operand(slot(text.substring(0, plus)), Long.parseLong(text.substring(plus + 1)));
    }

    /** Of a register, a parameter, a special register or the array in shared memory. */
    int slot(String name) {
        return slots.computeIfAbsent(name, unknown -> slots.size());
    }

    int slots() {
        return slots.size();
    }

    List<Statement> statements() {
        return statements;
    }

    List<String> parameters() {
        return parameters;
    }

    int sharedBytes() {
        return sharedBytes;
    }
}

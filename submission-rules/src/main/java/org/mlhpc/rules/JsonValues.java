package org.mlhpc.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How the official checker, a Python program, compares values: a boolean is a number, 1 equals 1.0, a text and an object
 * have a length. Verdicts agree only if ours does the same.
 */
final class JsonValues {
    private static final int SHOWN_CHARACTERS = 80;

    private JsonValues() {}

    /** The number that {@code value} compares as; empty for what has no order. */
    static OptionalDouble number(JsonNode value) {
        if (value.isNumber()) {
            return OptionalDouble.of(value.doubleValue());
        }
        return value.isBoolean() ? OptionalDouble.of(value.booleanValue() ? 1 : 0) : OptionalDouble.empty();
    }

    /** The number of elements, members or characters; empty for what has no length. */
    static OptionalInt length(JsonNode value) {
        if (value.isTextual()) {
            return OptionalInt.of(value.textValue().length());
        }
        return value.isContainerNode() ? OptionalInt.of(value.size()) : OptionalInt.empty();
    }

    /** Whether {@code value} is neither null, false, 0 nor empty. */
    static boolean isSet(JsonNode value) {
        OptionalDouble number = number(value);
        if (number.isPresent()) {
            return number.getAsDouble() != 0;
        }
        return length(value).orElse(0) > 0;
    }

    static boolean same(JsonNode a, JsonNode b) {
        OptionalDouble x = number(a);
        OptionalDouble y = number(b);
        if (x.isPresent() && y.isPresent()) {
            boolean integers = a.isIntegralNumber() && b.isIntegralNumber();
            return integers ? a.bigIntegerValue().equals(b.bigIntegerValue()) : x.getAsDouble() == y.getAsDouble();
        }
        if (a.isContainerNode() && a.getNodeType() == b.getNodeType()) {
            return a.size() == b.size() && (a.isArray() ? sameElements(a, b) : sameMembers(a, b));
        }
        return a.equals(b);
    }

    private static boolean sameElements(JsonNode a, JsonNode b) {
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.path(i), b.path(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMembers(JsonNode a, JsonNode b) {
        for (Iterator<String> names = a.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!b.has(name) || !same(a.path(name), b.path(name))) {
                return false;
            }
        }
        return true;
    }

    /** Whether metadata mentions a member: as an object; or, as Python's {@code in} has it, as a list or a text. */
    static boolean mentions(JsonNode metadata, String member) {
        if (metadata.isArray()) {
            for (JsonNode element : metadata) {
                if (member.equals(element.textValue())) {
                    return true;
                }
            }
            return false;
        }
        return metadata.isTextual() ? metadata.textValue().contains(member) : metadata.has(member);
    }

    /** For a message: the JSON, shortened. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }
}

package org.mlhpc.rules;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a value may be. All conditions that are given must hold.
 *
 * @param oneOf it equals one of these
 * @param noneOf it equals none of these
 * @param equalTo it equals this
 * @param near it equals this up to rounding
 * @param above it is a number greater than this
 * @param atLeast it is a number and not less than this
 * @param below it is a number less than this
 * @param atMost it is a number and not greater than this
 * @param length it has this many elements
 * @param minLength it has at least this many elements
 * @param set it is not null, false, 0 or empty
 * @param notEmpty it is not the empty text
 * @param each every element of the list, or the value itself if it is no list, keeps this limit
 * @param type the type that is meant; the official checker does not look at it
 */
record Limit(
        @Nullable List<JsonNode> oneOf,
        @Nullable List<JsonNode> noneOf,
        @JsonProperty("equals") @Nullable JsonNode equalTo,
        @Nullable Double near,
        @Nullable Double above,
        @Nullable Double atLeast,
        @Nullable Double below,
        @Nullable Double atMost,
        @Nullable Integer length,
        @Nullable Integer minLength,
        boolean set,
        boolean notEmpty,
        @Nullable Limit each,
        @Nullable Type type) {
    /** Up to this relative difference two numbers are the same; the official checker's. */
    private static final double NEAR = 1e-9;

    /** Types of JSON values. */
    enum Type {
        @JsonProperty("text")
        TEXT,
        @JsonProperty("number")
        NUMBER,
        @JsonProperty("integer")
        INTEGER,
        @JsonProperty("boolean")
        BOOLEAN,
        @JsonProperty("list")
        LIST;

        boolean includes(JsonNode value) {
            return switch (this) {
                case TEXT -> value.isTextual();
                case NUMBER -> value.isNumber();
                case INTEGER -> value.isIntegralNumber();
                case BOOLEAN -> value.isBoolean();
                case LIST -> value.isArray();
            };
        }
    }

    /** Whether the official checker accepts {@code value}. */
    boolean allows(JsonNode value) {
        return (oneOf == null || oneOf.stream().anyMatch(allowed -> JsonValues.same(allowed, value)))
                && (noneOf == null || noneOf.stream().noneMatch(refused -> JsonValues.same(refused, value)))
                && (equalTo == null || JsonValues.same(equalTo, value))
                && allowsNumber(value)
                && allowsLength(value)
                && (!set || JsonValues.isSet(value))
                && (!notEmpty || !"".equals(value.textValue()))
                && allowsElements(value);
    }

    private boolean allowsNumber(JsonNode value) {
        if (!needsNumber()) {
            return true;
        }
        OptionalDouble number = JsonValues.number(value);
        if (number.isEmpty()) {
            return false;
        }
        double v = number.getAsDouble();
        return (near == null || isNear(v, near))
                && (above == null || v > above)
                && (atLeast == null || v >= atLeast)
                && (below == null || v < below)
                && (atMost == null || v <= atMost);
    }

    private static boolean isNear(double a, double b) {
        return Double.isFinite(a) && Math.abs(a - b) <= NEAR * Math.max(Math.abs(a), Math.abs(b));
    }

    private boolean allowsLength(JsonNode value) {
        if (length == null && minLength == null) {
            return true;
        }
        OptionalInt found = JsonValues.length(value);
        return found.isPresent()
                && (length == null || found.getAsInt() == length)
                && (minLength == null || found.getAsInt() >= minLength);
    }

    private boolean allowsElements(JsonNode value) {
        if (each == null || !value.isArray()) {
            return each == null || each.allows(value);
        }
        for (JsonNode element : value) {
            if (!each.allows(element)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a value without an order, such as a text, cannot be compared with the bounds. */
    boolean needsNumber() {
        return near != null || above != null || atLeast != null || below != null || atMost != null;
    }

    /** Whether {@code value} has the type that is meant. */
    boolean fits(JsonNode value) {
        Type meant = meant();
        return (meant == null || meant.includes(value)) && elementsFit(value);
    }

    private boolean elementsFit(JsonNode value) {
        if (each == null || !value.isArray()) {
            return each == null || each.fits(value);
        }
        for (JsonNode element : value) {
            if (!each.fits(element)) {
                return false;
            }
        }
        return true;
    }

    /** The type that is written down, or the one that follows from the conditions. */
    @Nullable
    Type meant() {
        if (type != null) {
            return type;
        }
        if (needsNumber()) {
            return Type.NUMBER;
        }
        if (equalTo != null) {
            return equalTo.isBoolean() ? Type.BOOLEAN : equalTo.isNumber() ? Type.NUMBER : Type.TEXT;
        }
        if (length != null || minLength != null) {
            return Type.LIST;
        }
        return set ? Type.BOOLEAN : null;
    }

    /** For a message. */
    String described() {
        var parts = new ArrayList<String>();
        addValues(parts, "one of ", oneOf);
        addValues(parts, "none of ", noneOf);
        if (equalTo != null) {
            parts.add(equalTo.toString());
        }
        addBound(parts, "", near);
        addBound(parts, "> ", above);
        addBound(parts, ">= ", atLeast);
        addBound(parts, "< ", below);
        addBound(parts, "<= ", atMost);
        if (length != null) {
            parts.add(length + " elements");
        }
        if (set) {
            parts.add("true");
        }
        if (notEmpty) {
            parts.add("not empty");
        }
        if (each != null) {
            parts.add("each element " + each.described());
        }
        Type meant = meant();
        if (parts.isEmpty() && meant != null) {
            parts.add(typeDescribed());
        }
        return String.join(" and ", parts);
    }

    /** For a message: the type that is meant, also of the elements. */
    String typeDescribed() {
        Type meant = meant();
        String own = meant == null ? "" : meant.name().toLowerCase(Locale.ROOT);
        return each == null || each.meant() == null ? own : (own + " of " + each.typeDescribed()).strip();
    }

    private static void addValues(List<String> parts, String relation, @Nullable List<JsonNode> values) {
        if (values != null) {
            parts.add(relation + values.stream().map(JsonNode::toString).collect(Collectors.joining(", ")));
        }
    }

    private static void addBound(List<String> parts, String relation, @Nullable Double bound) {
        if (bound != null) {
            boolean whole = bound == Math.rint(bound) && Math.abs(bound) < 1e15;
            parts.add(relation + (whole ? String.valueOf(bound.longValue()) : String.valueOf(bound)));
        }
    }
}

package org.mlhpc.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Builds a record from text values; the record's components are the only declaration of what is expected. */
final class RecordBinder {
    private RecordBinder() {}

    static <R extends Record> R bind(Class<R> type, Function<String, String> textByKey) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = key(components[i].getName());
            arguments[i] = parse(components[i].getGenericType(), key, textByKey.apply(key));
        }
        return construct(type, components, arguments);
    }

    /** {@code optBaseLearningRate} to {@code opt_base_learning_rate}. */
    static String key(String componentName) {
        return componentName.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Object parse(Type type, String key, String text) {
        try {
            if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
                Type element = list.getActualTypeArguments()[0];
                return text.isEmpty()
                        ? List.of()
                        : Arrays.stream(text.split(",", -1))
                                .map(item -> parseScalar(element, item.strip()))
                                .toList();
            }
            return parseScalar(type, text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "setting " + key + "=" + text + " is not " + describe(type) + detail(e), e);
        }
    }

    private static Object parseScalar(Type type, String text) {
        if (type == int.class || type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == long.class || type == Long.class) {
            return Long.valueOf(text);
        } else if (type == double.class || type == Double.class) {
            return finite(text);
        } else if (type == boolean.class) {
            return truth(text);
        } else if (type == String.class) {
            return text;
        } else if (type instanceof Class<?> c && c.isEnum()) {
            return constant(c, text);
        }
        throw new IllegalStateException("a settings record cannot have a component of type " + type);
    }

    private static Double finite(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not finite");
        }
        return value;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Object constant(Class<?> enumType, String text) {
        return Arrays.stream(enumType.getEnumConstants())
                .filter(constant -> constant.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("choose one of "
                        + Arrays.toString(enumType.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }

    private static String describe(Type type) {
        if (type instanceof ParameterizedType list) {
            return "a comma-separated list, each " + describe(list.getActualTypeArguments()[0]);
        } else if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        } else if (type == double.class || type == Double.class) {
            return "a finite number";
        } else if (type == boolean.class) {
            return "true or false";
        }
        return "a known value";
    }

    private static String detail(IllegalArgumentException e) {
        return e instanceof NumberFormatException ? "" : ": " + e.getMessage();
    }

    private static <R> R construct(Class<R> type, RecordComponent[] components, Object[] arguments) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException rejected) {
                throw new IllegalArgumentException(rejected.getMessage(), rejected);
            }
            throw new IllegalStateException("cannot build " + type.getName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot build " + type.getName(), e);
        }
    }
}

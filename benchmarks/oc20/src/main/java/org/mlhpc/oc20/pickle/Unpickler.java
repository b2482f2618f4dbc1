package org.mlhpc.oc20.pickle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stack machine of pickles, protocols 2 to 5, without the instructions that graphs do not need. It does not recurse, and
 * each instruction makes at most one object. Instructions, and the memory that calls take, come out of the {@link Budget} of
 * the record; what else an instruction makes is as long as its bytes.
 */
final class Unpickler {
    private static final int HIGHEST_PROTOCOL = 5;

    private final PickleInput in;
    private final Vocabulary vocabulary;
    private final Budget budget;
    private final Map<Long, Object> memo = new HashMap<>();
    private final MarkedStack stack;

    private Unpickler(PickleInput in, Vocabulary vocabulary, Budget budget) {
        this.in = in;
        this.stack = new MarkedStack(in);
        this.vocabulary = vocabulary;
        this.budget = budget;
    }

    /** Reads one pickle from {@code in}, which stands after its end then. */
    static Object read(PickleInput in, Vocabulary vocabulary, Budget budget) throws PickleException {
        return new Unpickler(in, vocabulary, budget).run();
    }

    private Object run() throws PickleException {
        while (true) {
            budget.instruction();
            int at = in.position();
            int instruction = in.u1();
            if (instruction == '.') {
                return stack.pop();
            }
            if (!scalar(instruction) && !container(instruction) && !object(instruction)) {
                throw new PickleException(
                        String.format("instruction 0x%02x at byte %d is not one that graphs need", instruction, at));
            }
        }
    }

    /** Instructions that push a number or text; false for others. */
    private boolean scalar(int instruction) throws PickleException {
        switch (instruction) {
            case 'N' -> stack.push(None.NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) in.u1());
            case 'M' -> stack.push((long) in.u2());
            case 'J' -> stack.push((long) in.s4());
            case 0x8a -> stack.push(in.integer(in.u1()));
            case 0x8b -> stack.push(in.integer(in.u4()));
            case 'G' -> stack.push(in.f8());
            case 0x8c -> stack.push(in.utf8(in.u1()));
            case 'X' -> stack.push(in.utf8(in.u4()));
            case 0x8d -> stack.push(in.utf8(in.s8()));
            case 'C' -> stack.push(in.take(in.u1()));
            case 'B' -> stack.push(in.take(in.u4()));
            case 0x8e, 0x96 -> stack.push(in.take(in.s8()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Instructions on tuples, lists, maps, marks and the memo; false for others. */
    private boolean container(int instruction) throws PickleException {
        switch (instruction) {
            case '(' -> stack.mark();
            case ')' -> stack.push(PyTuple.of());
            case 0x85 -> tuple(1);
            case 0x86 -> tuple(2);
            case 0x87 -> tuple(3);
            case 't' -> stack.push(new PyTuple(stack.popToMark()));
            case ']' -> stack.push(new ArrayList<>());
            case 'l' -> stack.push(stack.popToMark());
            case 'a' -> append(List.of(stack.pop()));
            case 'e' -> append(stack.popToMark());
            case '}' -> stack.push(new LinkedHashMap<>());
            case 's' -> {
                Object value = stack.pop();
                put(List.of(stack.pop(), value));
            }
            case 'u' -> put(stack.popToMark());
            case '0' -> stack.pop();
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.top());
            case 'q' -> memo.put((long) in.u1(), stack.top());
            case 'r' -> memo.put(in.u4(), stack.top());
            case 0x94 -> memo.put((long) memo.size(), stack.top());
            case 'h' -> recall(in.u1());
            case 'j' -> recall(in.u4());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Instructions on names and objects, and those about the pickle itself; false for others. */
    private boolean object(int instruction) throws PickleException {
        switch (instruction) {
            case 0x80 -> protocol(in.u1());
            case 0x95 -> in.s8(); // A frame: a hint how much to read at once.
            case 'c' -> stack.push(vocabulary.name(in.line(), in.line()));
            case 0x93 -> {
                String name = stack.pop(String.class);
                stack.push(vocabulary.name(stack.pop(String.class), name));
            }
            case 'R' -> {
                PyTuple arguments = stack.pop(PyTuple.class);
                stack.push(vocabulary.call(stack.pop(Global.class), arguments));
            }
            case 0x81 -> {
                PyTuple arguments = stack.pop(PyTuple.class);
                stack.push(vocabulary.create(stack.pop(Global.class), arguments));
            }
            case 'b' -> {
                Object state = stack.pop();
                build(stack.top(), state);
            }
            case 'Q' -> stack.push(vocabulary.persistent(stack.pop()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void protocol(int version) throws PickleException {
        if (version < 2 || version > HIGHEST_PROTOCOL) {
            throw new PickleException("pickle protocol " + version + " is not one of 2 to " + HIGHEST_PROTOCOL);
        }
    }

    private static void build(Object object, Object state) throws PickleException {
        if (object instanceof Instance instance) {
            instance.build(state);
        } else if (object instanceof NumpyType type) {
            type.build(state);
        } else {
            throw new PickleException("an object without class gets a state");
        }
    }

    private void tuple(int size) throws PickleException {
        var items = new ArrayList<Object>();
        for (int i = 0; i < size; i++) {
            items.add(0, stack.pop());
        }
        stack.push(new PyTuple(items));
    }

    private void append(List<Object> items) throws PickleException {
        if (!(stack.top() instanceof ArrayList<?>)) {
            throw new PickleException("items are appended to what is no list before byte " + in.position());
        }
        @SuppressWarnings("unchecked")
        var list = (List<Object>) stack.top();
        list.addAll(items);
    }

    /** Keys are text or whole numbers, whose hash takes no walk through other objects. */
    private void put(List<Object> keysAndValues) throws PickleException {
        if (!(stack.top() instanceof LinkedHashMap<?, ?>) || keysAndValues.size() % 2 != 0) {
            throw new PickleException("items are put into what is no map before byte " + in.position());
        }
        @SuppressWarnings("unchecked")
        var map = (Map<Object, Object>) stack.top();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw new PickleException(
                        "a key of a map is a " + key.getClass().getSimpleName());
            }
            map.put(key, keysAndValues.get(i + 1));
        }
    }

    private void recall(long index) throws PickleException {
        Object value = memo.get(index);
        if (value == null) {
            throw new PickleException("entry " + index + " of the memo is empty at byte " + in.position());
        }
        stack.push(value);
    }
}

package dev.parlance.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Turns the first Ctrl-C (or SIGTERM) into a wish to stop and lets the second end the process at once.
 *
 * <p>A shutdown hook will not do: while hooks run, ONNX Runtime already closes itself and a second Ctrl-C is ignored.
 * {@code sun.misc.Signal} is the one supported way to hear signals; it is reached by reflection since naming it in the
 * source is a compiler warning that cannot be suppressed.
 */
final class Interrupts implements BooleanSupplier {
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Runnable onFirst;

    private Interrupts(Runnable onFirst) {
        this.onFirst = onFirst;
    }

    /** Listens from now on; {@code onFirst} runs on the signal's thread and should only print. */
    static Interrupts listen(Runnable onFirst) {
        Interrupts interrupts = new Interrupts(onFirst);
        for (String signal : new String[] {"INT", "TERM"}) {
            handle(signal, interrupts::signalled);
        }
        return interrupts;
    }

    /** Whether a stop was asked for. */
    @Override
    public boolean getAsBoolean() {
        return requested.get();
    }

    private void signalled() {
        if (requested.getAndSet(true)) {
            Runtime.getRuntime().halt(Command.INTERRUPTED);
        }
        onFirst.run();
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                }
                return null;
            };
            Object listener = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot listen for signal " + name + " on " + Runtime.version(), e);
        }
    }
}

package dev.parlance.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Hears Ctrl-C (SIGINT) and SIGTERM. A shutdown hook will not do: while hooks run, ONNX Runtime already closes itself and a
 * second Ctrl-C is ignored. {@code sun.misc.Signal} is the one supported way to hear signals; it is reached by reflection
 * since naming it in the source is a compiler warning that cannot be suppressed.
 */
final class Signals {
    private Signals() {}

    /** From now on {@code INT} or {@code TERM} runs this, on a thread of its own, instead of ending the process. */
    static void handle(String name, Runnable action) {
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

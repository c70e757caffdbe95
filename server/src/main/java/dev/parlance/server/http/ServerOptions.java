package dev.parlance.server.http;

import dev.parlance.config.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All settings of a server. {@link ServerSettings} reads them.
 *
 * @param hostname address to listen at: an IP address or a host name; {@code 0.0.0.0} is every address of this machine
 * @param port to listen at; 0 picks a free one
 * @param models what to serve from the start
 * @param traffic which versions answer; a model that is not named is answered by its first version
 * @param batching how requests become batches
 * @param limits how much clients may send
 * @param security who may do what
 * @param operations logs, metrics, traces, shutting down
 */
public record ServerOptions(
        String hostname,
        int port,
        List<ServedModel> models,
        List<TrafficOptions> traffic,
        BatchingOptions batching,
        LimitOptions limits,
        SecurityOptions security,
        OperationOptions operations) {
    public ServerOptions {
        models = List.copyOf(models);
        traffic = List.copyOf(traffic);
        if (hostname.isBlank()) {
            throw new UserError("hostname is empty, expected an address such as 127.0.0.1");
        }
        Ranges.check("port", port, 0, 65_535);
        Set<String> versions = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (ServedModel model : models) {
            names.add(model.name());
            if (!versions.add(model.name() + " " + model.version())) {
                throw new UserError("models has version " + model.version() + " of " + model.name()
                        + " twice; give one another name (name=directory) or version (name@version=directory)");
            }
        }
        for (TrafficOptions share : traffic) {
            if (!names.remove(share.model())) {
                throw new UserError("traffic names the model '" + share.model()
                        + "', expected each of the models once at most: " + String.join(", ", names));
            }
        }
    }

    /** What a server does if nothing is said. */
    public static ServerOptions defaults() {
        return new ServerOptions(
                "127.0.0.1",
                8080,
                List.of(),
                List.of(),
                BatchingOptions.defaults(),
                LimitOptions.defaults(),
                SecurityOptions.defaults(),
                OperationOptions.defaults());
    }

    /** The same on another port. */
    public ServerOptions withPort(int port) {
        return new ServerOptions(hostname, port, models, traffic, batching, limits, security, operations);
    }

    /** The same with other models. */
    public ServerOptions withModels(List<ServedModel> models) {
        return new ServerOptions(hostname, port, models, traffic, batching, limits, security, operations);
    }

    /** The same with other limits. */
    public ServerOptions withLimits(LimitOptions limits) {
        return new ServerOptions(hostname, port, models, traffic, batching, limits, security, operations);
    }

    /** The same with other keys and bounds. */
    public ServerOptions withSecurity(SecurityOptions security) {
        return new ServerOptions(hostname, port, models, traffic, batching, limits, security, operations);
    }

    /** The same with other logs and traces. */
    public ServerOptions withOperations(OperationOptions operations) {
        return new ServerOptions(hostname, port, models, traffic, batching, limits, security, operations);
    }
}

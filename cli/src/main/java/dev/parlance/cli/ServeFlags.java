package dev.parlance.cli;

import dev.parlance.server.http.ServerSetting;
import dev.parlance.server.http.ServerSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a server as options: their names and defaults are those of {@link ServerSettings}. */
final class ServeFlags {
    private final Map<ServerSetting, String> given = new LinkedHashMap<>();

    void addTo(CommandSpec spec) {
        for (ServerSetting setting : ServerSettings.ALL) {
            spec.addOption(option(setting));
        }
    }

    /** What the command line said. */
    Map<ServerSetting, String> given() {
        return given;
    }

    private OptionSpec option(ServerSetting setting) {
        String standard = ServerSettings.defaultOf(setting);
        String tail = " " + setting.environment() + (standard == null ? "." : ", default " + standard + ".");
        String[] names = setting.path().equals("hostname")
                ? new String[] {"--host", setting.flag()}
                : new String[] {setting.flag()};
        OptionSpec.Builder option = OptionSpec.builder(names)
                .type(String.class)
                .paramLabel("<" + (setting.label().isEmpty() ? "true|false" : setting.label()) + ">")
                .description((setting.description() + tail).replace("%", "%%"))
                .setter(new ISetter() {
                    @Override
                    public <T> T set(T value) {
                        if (value != null) {
                            given.put(setting, value.toString());
                        }
                        return value;
                    }
                });
        return setting.label().isEmpty()
                ? option.arity("0..1").fallbackValue("true").build()
                : option.arity("1").build();
    }
}

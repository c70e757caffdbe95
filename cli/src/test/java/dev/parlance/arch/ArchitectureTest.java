package dev.parlance.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.parlance.arch.fixture.BreaksRules;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house that a compiler does not check; the cli sees all modules, so they stand here. */
class ArchitectureTest {
    private static final JavaClasses PARLANCE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.parlance");

    /** A package uses only those before it. Packages of one line with '|' between them are equals. */
    private static final List<String> CORE =
            List.of("config", "text", "data", "tokenize", "linear", "metric", "track", "task", "bundle", "predict");

    private static final List<String> TRAIN = List.of(
            "train.weights",
            "train.hub",
            "train.linear",
            "train.tensor",
            "train.nn",
            "train.encoder|train.head|train.tune",
            "train.optim",
            "train.export",
            "train.checkpoint",
            "train.track",
            "train.profile",
            "train.loop",
            "train.crossval",
            "train.search",
            "train.auto");

    private static final List<String> SERVER = List.of("server.engine", "server.api", "server.http");

    static final ArchRule ONLY_CLI_PRINTS =
            noClasses().that().resideOutsideOfPackage("dev.parlance.cli..").should(ACCESS_STANDARD_STREAMS);

    static final ArchRule NO_SERIALIZED_OBJECTS =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream");

    static final ArchRule NO_BARE_EXCEPTIONS = noClasses()
            .should()
            .callConstructorWhere(
                    new DescribedPredicate<JavaConstructorCall>("the exception says nothing by its type") {
                        @Override
                        public boolean test(JavaConstructorCall call) {
                            JavaClass made = call.getTargetOwner();
                            boolean bare = made.isEquivalentTo(RuntimeException.class)
                                    || made.isEquivalentTo(Exception.class)
                                    || made.isEquivalentTo(Error.class)
                                    || made.isEquivalentTo(Throwable.class);
                            boolean callOfSuper = call.getOriginOwner().isAssignableTo(Throwable.class);
                            return bare && !callOfSuper;
                        }
                    });

    @Test
    void sees_the_classes_of_all_modules() {
        assertThat(PARLANCE.contain("dev.parlance.config.RunConfig")).isTrue();
        assertThat(PARLANCE.contain("dev.parlance.train.loop.TrainingListener")).isTrue();
        assertThat(PARLANCE.contain("dev.parlance.server.http.ParlanceServer")).isTrue();
        assertThat(PARLANCE.contain("dev.parlance.cli.Main")).isTrue();
        assertThat(PARLANCE.contain(BreaksRules.class)).isFalse();
    }

    static Stream<ArchRule> package_order() {
        return Stream.of(CORE, TRAIN, SERVER)
                .flatMap(order -> IntStream.range(0, order.size() - 1).mapToObj(i -> noClasses()
                        .that()
                        .resideInAnyPackage(packages(order.subList(i, i + 1)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages(order.subList(i + 1, order.size())))
                        .allowEmptyShould(true)));
    }

    @ParameterizedTest
    @MethodSource("package_order")
    void packages_use_only_those_before_them(ArchRule rule) {
        rule.check(PARLANCE);
    }

    @Test
    void every_package_has_a_place_in_the_order() {
        List<String> known = Stream.concat(
                        Stream.of(packages(CORE), packages(TRAIN), packages(SERVER))
                                .flatMap(Stream::of),
                        Stream.of("dev.parlance.cli"))
                .toList();
        assertThat(PARLANCE.stream().map(JavaClass::getPackageName).distinct()).isSubsetOf(known);
    }

    @Test
    void packages_are_free_of_cycles() {
        slices().matching("dev.parlance.(**)").should().beFreeOfCycles().check(PARLANCE);
    }

    @Test
    void core_knows_no_other_module() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(CORE))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parlance.train..", "dev.parlance.server..", "dev.parlance.cli..")
                .check(PARLANCE);
    }

    @Test
    void train_knows_neither_server_nor_cli() {
        noClasses()
                .that()
                .resideInAPackage("dev.parlance.train..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parlance.server..", "dev.parlance.cli..")
                .check(PARLANCE);
    }

    @Test
    void server_knows_neither_train_nor_cli() {
        noClasses()
                .that()
                .resideInAPackage("dev.parlance.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parlance.train..", "dev.parlance.cli..")
                .check(PARLANCE);
    }

    @Test
    void only_the_http_server_touches_vertx() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parlance.server.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(PARLANCE);
    }

    @Test
    void only_tensor_touches_libtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parlance.train.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(PARLANCE);
    }

    @Test
    void only_the_onnx_model_touches_onnx_runtime() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.parlance\\.predict\\.OnnxModel(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(PARLANCE);
    }

    @Test
    void only_cli_prints() {
        ONLY_CLI_PRINTS.check(PARLANCE);
    }

    @Test
    void nothing_reads_serialized_objects() {
        NO_SERIALIZED_OBJECTS.check(PARLANCE);
    }

    @Test
    void exceptions_say_what_they_are() {
        NO_BARE_EXCEPTIONS.check(PARLANCE);
    }

    @Test
    void nothing_listens_on_the_network() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.ServerSocket")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.net.httpserver..")
                .check(PARLANCE);
    }

    @Test
    void the_rules_can_fail() {
        JavaClasses bad = new ClassFileImporter().importClasses(BreaksRules.class);
        for (ArchRule rule : List.of(ONLY_CLI_PRINTS, NO_SERIALIZED_OBJECTS, NO_BARE_EXCEPTIONS)) {
            assertThatThrownBy(() -> rule.check(bad))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("BreaksRules");
        }
    }

    private static String[] packages(List<String> levels) {
        return levels.stream()
                .flatMap(level -> Stream.of(level.split("\\|")))
                .map(name -> "dev.parlance." + name)
                .toArray(String[]::new);
    }
}

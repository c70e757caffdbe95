package dev.parlance.examples.spring;

import dev.parlance.predict.Pipeline;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Labels texts over HTTP with a model that runs in this process. */
@SpringBootApplication
public class LabelApplication {
    public static void main(String[] args) {
        SpringApplication.run(LabelApplication.class, args);
    }

    /**
     * One for all threads, since it is safe for concurrent use; Spring closes it when the application ends. The directory comes as a
     * string, since Spring takes a relative {@code Path} for a resource of the web application.
     */
    @Bean(destroyMethod = "close")
    Pipeline pipeline(@Value("${parlance.model}") String model) {
        return Pipeline.load(Path.of(model));
    }
}

package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.UserError;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTest {
    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND,404,404,Validation",
        "UNHEALTHY,503,503,Unhealthy",
        "OVERLOADED,429,429,Overloaded",
        "VALIDATION,400,422,Validation",
        "TOO_LARGE,413,413,Validation",
        "EMPTY,400,400,Empty",
        "TOKENIZER,400,422,Tokenizer",
        "BACKEND,500,424,Backend",
        "TIMEOUT,504,504,Backend"
    })
    void each_reason_has_its_status(Kind kind, int plain, int textEmbeddings, String errorType) {
        Refusal refusal = new Refusal(kind, "because");
        assertThat(Dialect.OPENAI.refuse(refusal).status()).isEqualTo(plain);
        assertThat(Dialect.KSERVE.refuse(refusal).status()).isEqualTo(plain);
        assertThat(Dialect.HUGGING_FACE.refuse(refusal).status()).isEqualTo(plain);
        Reply reply = Dialect.TEXT_EMBEDDINGS.refuse(refusal);
        assertThat(reply.status()).isEqualTo(textEmbeddings);
        assertThat(text(reply)).isEqualTo("{\"error\":\"because\",\"error_type\":\"" + errorType + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/embeddings,OPENAI",
        "/v2,KSERVE",
        "/v2/models/a,KSERVE",
        "/models/a/b,HUGGING_FACE",
        "/embed,TEXT_EMBEDDINGS",
        "/health,TEXT_EMBEDDINGS",
        "/admin/models,PARLANCE",
        "/nothing,PARLANCE"
    })
    void a_path_has_its_dialect(String path, Dialect dialect) {
        assertThat(Dialect.of(path)).isEqualTo(dialect);
    }

    @Test
    void who_is_not_let_in_is_told_so_in_the_dialect() {
        assertThat(text(Dialect.OPENAI.refuse(401, "no key")))
                .isEqualTo("{\"error\":{\"message\":\"no key\",\"type\":\"invalid_request_error\",\"param\":null,"
                        + "\"code\":\"invalid_api_key\"}}");
        assertThat(text(Dialect.TEXT_EMBEDDINGS.refuse(429, "slow down")))
                .isEqualTo("{\"error\":\"slow down\",\"error_type\":\"Overloaded\"}");
        assertThat(text(Dialect.KSERVE.refuse(413, "too much"))).isEqualTo("{\"error\":\"too much\"}");
    }

    @Test
    void a_bug_is_told_without_its_message() {
        Reply reply = Dialect.PARLANCE.refuse(new CompletionException(new IllegalStateException("a user's text")));
        assertThat(reply.status()).isEqualTo(500);
        assertThat(text(reply)).doesNotContain("user's");
        Reply users = Dialect.OPENAI.refuse(new UserError("/secret/path is missing"));
        assertThat(users.status()).isEqualTo(500);
        assertThat(text(users)).doesNotContain("secret");
    }

    @Test
    void too_much_at_a_time_is_overload_and_giving_up_is_no_bug() {
        assertThat(Dialect.PARLANCE
                        .refuse(new RejectedExecutionException("queue"))
                        .status())
                .isEqualTo(429);
        assertThat(Dialect.PARLANCE.refuse(new CancellationException()).status())
                .isEqualTo(503);
    }
}

package dev.parlance.server.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The forms in which a type stands in JSON, for the OpenAPI document; its creator reads the same ones. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OneOf {
    Class<?>[] value();
}

/**
 * What is known of a text without a model: its language by script, and a form to compare it by. Read
 * {@link dev.parlance.text.Language} first.
 *
 * <pre>{@code
 * Language language = Language.of("房间很干净"); // ZH
 * }</pre>
 *
 * <p>No tokens and no files go here.
 */
@NullMarked
package dev.parlance.text;

import org.jspecify.annotations.NullMarked;

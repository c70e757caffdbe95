/**
 * The {@code parlance} command: reads options, calls the library, prints. Read {@link dev.parlance.cli.Main} first, then
 * the command of your interest, for example {@link dev.parlance.cli.PredictCommand}.
 *
 * <pre>{@code
 * parlance train --data reviews.csv
 * parlance evaluate models/reviews --data more.csv
 * parlance predict models/reviews "arrived late and broken"
 * }</pre>
 *
 * <p>This is the only package that prints: results to standard output, progress and errors to standard error. Nothing
 * that a Java user could want to call goes here.
 */
@NullMarked
package dev.parlance.cli;

import org.jspecify.annotations.NullMarked;

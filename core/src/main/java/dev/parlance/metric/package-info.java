/**
 * Named numbers that compare predictions with gold annotations. Read {@link dev.parlance.metric.Report} first.
 *
 * <pre>{@code
 * Report report = ClassificationMetrics.report(List.of("no", "yes"), new int[] {0, 1, 1}, new int[] {0, 1, 0});
 * double f1 = report.metric("macro_f1");
 * String text = report.toTable(100);
 * }</pre>
 *
 * <p>No model, tokenizer or file goes here: metrics see only what was expected and what was predicted.
 */
@NullMarked
package dev.parlance.metric;

import org.jspecify.annotations.NullMarked;

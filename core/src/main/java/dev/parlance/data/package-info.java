/**
 * Examples and where they come from: readers for CSV, TSV and JSONL, data sets and their split, and the audit of both. Read
 * {@link dev.parlance.data.Dataset} first; {@link dev.parlance.data.ExampleReader} streams what does not fit in memory.
 *
 * <pre>{@code
 * DataConfig config = RunConfig.defaults().with("data.train", "reviews.csv").data();
 * Splits splits = Splits.read(config);
 * DataAudit audit = DataAudit.of(splits, String::length, 128);
 * }</pre>
 *
 * <p>No tokens, tensors or models go here.
 */
@NullMarked
package dev.parlance.data;

import org.jspecify.annotations.NullMarked;

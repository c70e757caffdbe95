package dev.parlance.linear;

/**
 * A feature and how much it speaks for a label.
 *
 * @param kind {@code word} or {@code char}
 * @param text the n-gram
 * @param weight the coefficient of the logistic regression
 */
public record WeightedFeature(String kind, String text, double weight) {}

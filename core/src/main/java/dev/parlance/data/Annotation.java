package dev.parlance.data;

/** What is said of a text, by the data (gold) or by a model (predicted): the same type for both. */
public sealed interface Annotation permits Labels, Embedding {}

package dev.parlance.train.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The element types of the safetensors format, with their spelling there as the constants' names. */
enum DType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** Whether a tensor of this type can be read as 32-bit floats. */
    boolean isReadable() {
        return this == F32 || this == F16 || this == BF16;
    }

    static boolean isKnown(String name) {
        return Arrays.stream(values()).anyMatch(type -> type.name().equals(name));
    }

    static String known() {
        return Arrays.stream(values()).map(DType::name).collect(Collectors.joining(", "));
    }
}

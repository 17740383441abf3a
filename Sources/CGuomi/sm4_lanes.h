#ifndef GUOMI_SM4_LANES_H
#define GUOMI_SM4_LANES_H

#include "kernel.h"

#include <string.h>

#define GUOMI_MAXIMUM_WIDTH 16

// Texts that are encrypted in step: block by block, all at the same offset from where each of them is.
typedef struct {
    const uint8_t *input[GUOMI_MAXIMUM_WIDTH];
    uint8_t *output[GUOMI_MAXIMUM_WIDTH];
    uint8_t chain[GUOMI_MAXIMUM_WIDTH][16];
} guomi_run;

// Encrypts `steps` blocks, at least one, of each of the `width` texts of a run, and leaves the last of each in `chain`.
typedef void (*guomi_run_function)(const uint32_t round_keys[32], guomi_run *run, size_t steps);

// How a kernel encrypts one text, four side by side, and sixteen.
typedef struct {
    guomi_run_function one, few, many;
    size_t few_width, many_width;
} guomi_run_functions;

// Encrypts texts of any lengths: as many side by side as the kernel can, each run as long as the shortest of them lasts; then those
// that are finished make room for the next.
static inline void guomi_run_lanes(guomi_run_functions functions, const uint32_t round_keys[32], guomi_sm4_lane *lanes,
                                   size_t count) {
    guomi_run run;
    size_t lane[GUOMI_MAXIMUM_WIDTH], left[GUOMI_MAXIMUM_WIDTH];
    size_t active = 0, next = 0;
    for (;;) {
        for (; active < functions.many_width && next < count; next++) {
            if (lanes[next].blocks > 0) {
                lane[active] = next;
                left[active] = lanes[next].blocks;
                run.input[active] = lanes[next].input;
                run.output[active] = lanes[next].output;
                memcpy(run.chain[active], lanes[next].iv, 16);
                active++;
            }
        }
        if (active == 0) {
            return;
        }
        size_t steps = left[0];
        for (size_t slot = 1; slot < active; slot++) {
            steps = left[slot] < steps ? left[slot] : steps;
        }
        const size_t width = active == 1 ? 1 : active <= functions.few_width ? functions.few_width : functions.many_width;
        // A slot that is empty repeats the first: all blocks of a step are read before any is written, so that it reads the same
        // and writes the same, even in place.
        for (size_t slot = active; slot < width; slot++) {
            run.input[slot] = run.input[0];
            run.output[slot] = run.output[0];
            memcpy(run.chain[slot], run.chain[0], 16);
        }
        const guomi_run_function function = active == 1 ? functions.one : width == functions.few_width ? functions.few
                                                                                                         : functions.many;
        function(round_keys, &run, steps);
        size_t kept = 0;
        for (size_t slot = 0; slot < active; slot++) {
            if (left[slot] == steps) {
                memcpy(lanes[lane[slot]].iv, run.chain[slot], 16);
                continue;
            }
            lane[kept] = lane[slot];
            left[kept] = left[slot] - steps;
            run.input[kept] = run.input[slot] + steps * GUOMI_BLOCK_SIZE;
            run.output[kept] = run.output[slot] + steps * GUOMI_BLOCK_SIZE;
            memmove(run.chain[kept], run.chain[slot], 16);
            kept++;
        }
        active = kept;
    }
}

#endif

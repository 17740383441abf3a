// What the vector kernels do alike, in terms of what each has by these names: `mapped_keys`, `map_keys`, `position`, `all`, `ctr32`,
// `into_128`, `out_of_128` and `rounds_128`. Each file of a kernel includes it, so that it is compiled for that kernel's instructions.

static void crypt(const uint32_t round_keys[32], const uint8_t *input, uint8_t *output, size_t blocks) {
    mapped_keys keys;
    position position = {0};
    map_keys(&keys, round_keys);
    all(MODE_ECB, &keys, &position, input, output, blocks);
    guomi_wipe(&keys, sizeof keys);
}

static void ctr128(const uint32_t round_keys[32], uint8_t counter[16], const uint8_t *input, uint8_t *output, size_t blocks) {
    guomi_ctr128_by_ctr32(ctr32, round_keys, counter, input, output, blocks);
}

// One text in CBC, whose blocks wait for each other.
static void run_one(const uint32_t round_keys[32], guomi_run *run, size_t steps) {
    mapped_keys keys;
    map_keys(&keys, round_keys);
    const uint8_t *const input = run->input[0];
    uint8_t *const output = run->output[0];
    const __m128i start = into_128(_mm_loadu_si128((const __m128i *)run->chain[0]));
    __m128i chain[4] = {start, _mm_shuffle_epi32(start, 0x55), _mm_shuffle_epi32(start, 0xaa), _mm_shuffle_epi32(start, 0xff)};
    __m128i last = start;
    for (size_t offset = 0; offset < 16 * steps; offset += 16) {
        const __m128i text = into_128(_mm_loadu_si128((const __m128i *)(input + offset)));
        __m128i x[4] = {chain[0] ^ text, chain[1] ^ _mm_shuffle_epi32(text, 0x55), chain[2] ^ _mm_shuffle_epi32(text, 0xaa),
                        chain[3] ^ _mm_shuffle_epi32(text, 0xff)};
        rounds_128(x, &keys);
        for (int word = 0; word < 4; word++) {
            chain[word] = x[3 - word];
        }
        last = out_of_128(_mm_unpacklo_epi64(_mm_unpacklo_epi32(x[3], x[2]), _mm_unpacklo_epi32(x[1], x[0])));
        _mm_storeu_si128((__m128i *)(output + offset), last);
    }
    _mm_storeu_si128((__m128i *)run->chain[0], last);
    guomi_wipe(&keys, sizeof keys);
}

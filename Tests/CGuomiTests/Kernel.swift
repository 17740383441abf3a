import CGuomi

/// One of the kernels, as the tests ask for it.
struct Kernel: Sendable, CustomStringConvertible {
    let name: String

    /// Those that this processor can run.
    static let supported = (0..<Int(GUOMI_KERNEL_COUNT))
        .filter { guomi_kernel_is_supported($0) == 1 }
        .map { Kernel(name: String(cString: guomi_kernel_name($0))) }

    var description: String { name }

    /// What the kernel makes of `input`; for GCM the tag stands behind it. With `inPlace` input and output are the same memory, and
    /// `shift` is how far behind a multiple of 64 they begin.
    func output(
        _ mode: Reference.Mode, key: [UInt8], iv: [UInt8], associated: [UInt8] = [], _ input: ArraySlice<UInt8>,
        inPlace: Bool, shift: Int
    ) -> [UInt8] {
        precondition(guomi_use_kernel(name) == 0)
        let guardSize = 64
        let room = input.count + 16
        return withUnsafeTemporaryAllocation(byteCount: 2 * (room + 2 * guardSize) + 128, alignment: 64) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
            let source = UnsafeMutableRawBufferPointer(
                rebasing: memory[(guardSize + shift)..<(guardSize + shift + input.count)])
            source.copyBytes(from: input)
            let start = inPlace ? guardSize + shift : room + 3 * guardSize + shift
            let target = UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + room])
            let written = run(mode, key, iv, associated, UnsafeRawBufferPointer(source), target)
            precondition(
                target[written...].allSatisfy { $0 == 0xA5 }
                    && memory[..<(guardSize + shift)].allSatisfy { $0 == 0xA5 },
                "\(name) wrote where it must not")
            return Array(target[..<written])
        }
    }

    private func run(
        _ mode: Reference.Mode, _ key: [UInt8], _ iv: [UInt8], _ associated: [UInt8], _ input: UnsafeRawBufferPointer,
        _ output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let source = input.assumingMemoryBound(to: UInt8.self).baseAddress
        let target = output.assumingMemoryBound(to: UInt8.self).baseAddress
        var schedule = guomi_sm4_key()
        guomi_sm4_set_key(&schedule, key)
        var iv = iv
        let blocks = input.count / 16
        switch mode {
        case .ecbEncryption: guomi_sm4_ecb_encrypt(&schedule, source, target, blocks)
        case .ecbDecryption: guomi_sm4_ecb_decrypt(&schedule, source, target, blocks)
        case .cbcEncryption: guomi_sm4_cbc_encrypt(&schedule, &iv, source, target, blocks)
        case .cbcDecryption: guomi_sm4_cbc_decrypt(&schedule, &iv, source, target, blocks)
        case .ctr: guomi_sm4_ctr(&schedule, &iv, source, target, input.count)
        case .gcm:
            withGCM(key) { key in
                var state = guomi_gcm()
                guomi_gcm_start(&state, key, iv, iv.count)
                guomi_gcm_authenticate(&state, key, associated, associated.count)
                guomi_gcm_encrypt(&state, key, source, target, input.count)
                guomi_gcm_tag(&state, key, target.map { $0 + input.count })
            }
            return input.count + 16
        }
        return input.count
    }

    func withGCM<Result>(_ key: [UInt8], _ body: (UnsafePointer<guomi_gcm_key>) -> Result) -> Result {
        precondition(guomi_use_kernel(name) == 0)
        return withUnsafeTemporaryAllocation(
            byteCount: MemoryLayout<guomi_gcm_key>.size, alignment: Int(GUOMI_GCM_KEY_ALIGNMENT)
        ) { memory in
            let prepared = memory.bindMemory(to: guomi_gcm_key.self).baseAddress.unsafelyUnwrapped
            guomi_gcm_set_key(prepared, key)
            return body(prepared)
        }
    }
}

import CGuomi

/// SM4 (GB/T 32907-2016) in GCM (NIST SP 800-38D; RFC 8998, section 3.1), in place of caller-supplied memory: nothing is allocated for
/// the data.
///
/// What is opened is authenticated before it is decrypted: a ciphertext that is refused leaves the memory for the plaintext as it was.
package enum SM4GCM {
    package static let keySize = 16
    package static let ivSize = 12
    package static let tagSize = 16

    /// Encrypts `plaintext` into `ciphertext` (same size) and writes the tag of 16 bytes.
    package static func seal(
        _ plaintext: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer,
        iv: UnsafeRawBufferPointer,
        authenticating header: UnsafeRawBufferPointer,
        _ context: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        into ciphertext: UnsafeMutableRawBufferPointer,
        tag: UnsafeMutableRawBufferPointer
    ) {
        precondition(tag.count == tagSize)
        withTemporaryKey(key) { key in
            GCMMessage.seal(plaintext, key, iv: iv, authenticating: header, context, into: ciphertext, tag: tag)
        }
    }

    /// Decrypts `ciphertext` into `plaintext` (same size).
    ///
    /// - Throws: ``CryptoError/notAuthentic`` if the tag does not belong to the rest; `plaintext` is then as it was.
    package static func open(
        _ ciphertext: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer,
        iv: UnsafeRawBufferPointer,
        authenticating header: UnsafeRawBufferPointer,
        _ context: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        tag: UnsafeRawBufferPointer,
        into plaintext: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        precondition(tag.count == tagSize)
        let opened = withTemporaryKey(key) { key in
            GCMMessage.open(ciphertext, key, iv: iv, authenticating: header, context, tag: tag, into: plaintext)
        }
        guard opened else { throw .notAuthentic }
    }

    /// Gives `body` a key on the stack, which is wiped afterwards.
    private static func withTemporaryKey<Result>(
        _ key: UnsafeRawBufferPointer, _ body: (UnsafePointer<guomi_gcm_key>) -> Result
    ) -> Result {
        precondition(key.count == keySize)
        return withUnsafeTemporaryAllocation(
            byteCount: MemoryLayout<guomi_gcm_key>.size, alignment: Int(GUOMI_GCM_KEY_ALIGNMENT)
        ) { memory in
            defer { LockedMemory.wipe(memory) }
            let prepared = memory.bindMemory(to: guomi_gcm_key.self).baseAddress.unsafelyUnwrapped
            guomi_gcm_set_key(prepared, key.bytes)
            return body(prepared)
        }
    }
}

// MARK: Keys that are used many times

extension SM4GCM {
    /// A key that is made ready once, in locked memory, for IVs and tags of any size that GCM allows.
    package struct Key: ~Copyable, @unchecked Sendable {
        // Written only by the initialiser; released by deinit.
        private let memory: UnsafeMutableRawBufferPointer

        fileprivate var prepared: UnsafePointer<guomi_gcm_key> {
            UnsafePointer(memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: guomi_gcm_key.self))
        }

        package init(_ key: UnsafeRawBufferPointer) {
            precondition(key.count == SM4GCM.keySize)
            // Locked memory begins at multiples of 64.
            memory = LockedMemory.allocate(MemoryLayout<guomi_gcm_key>.size)
            guomi_gcm_set_key(memory.bindMemory(to: guomi_gcm_key.self).baseAddress, key.bytes)
        }

        deinit { LockedMemory.release(memory) }

        /// Encrypts `plaintext` into `ciphertext` (same size) and writes the tag, whose size is that of `tag`: 4, 8 or 12 to 16 bytes
        /// (SP 800-38D section 5.2.1.2). `iv` has at least one byte.
        package func seal(
            _ plaintext: UnsafeRawBufferPointer,
            iv: UnsafeRawBufferPointer,
            authenticating first: UnsafeRawBufferPointer,
            _ second: UnsafeRawBufferPointer = .init(start: nil, count: 0),
            into ciphertext: UnsafeMutableRawBufferPointer,
            tag: UnsafeMutableRawBufferPointer
        ) {
            GCMMessage.seal(plaintext, prepared, iv: iv, authenticating: first, second, into: ciphertext, tag: tag)
        }

        /// Decrypts `ciphertext` into `plaintext` (same size), if `tag` (4, 8 or 12 to 16 bytes) belongs to it.
        ///
        /// - Throws: ``CryptoError/notAuthentic`` if it does not; `plaintext` is then as it was.
        package func open(
            _ ciphertext: UnsafeRawBufferPointer,
            iv: UnsafeRawBufferPointer,
            authenticating first: UnsafeRawBufferPointer,
            _ second: UnsafeRawBufferPointer = .init(start: nil, count: 0),
            tag: UnsafeRawBufferPointer,
            into plaintext: UnsafeMutableRawBufferPointer
        ) throws(CryptoError) {
            guard
                GCMMessage.open(ciphertext, prepared, iv: iv, authenticating: first, second, tag: tag, into: plaintext)
            else { throw .notAuthentic }
        }

        /// Whether `tag` belongs to `ciphertext`, which is not decrypted.
        package func verifies(
            _ ciphertext: UnsafeRawBufferPointer,
            iv: UnsafeRawBufferPointer,
            authenticating first: UnsafeRawBufferPointer,
            tag: UnsafeRawBufferPointer
        ) -> Bool {
            GCMMessage.with(prepared, iv: iv, first, .init(start: nil, count: 0)) { message in
                message.verifies(ciphertext, tag: tag)
            }
        }
    }
}

// MARK: Messages in pieces

extension SM4GCM {
    /// One message that comes in pieces of any size, to be encrypted or verified. Associated data comes before the text.
    package struct Stream: ~Copyable {
        private let key: Key
        private let memory: UnsafeMutableRawBufferPointer

        private var message: GCMMessage {
            GCMMessage(
                state: memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: guomi_gcm.self), key: key.prepared)
        }

        package init(key: UnsafeRawBufferPointer, iv: UnsafeRawBufferPointer) {
            self.key = Key(key)
            memory = LockedMemory.allocate(MemoryLayout<guomi_gcm>.size)
            _ = memory.bindMemory(to: guomi_gcm.self)
            message.start(iv: iv)
        }

        deinit { LockedMemory.release(memory) }

        package mutating func authenticate(_ data: UnsafeRawBufferPointer) { message.authenticate(data) }

        /// Encrypts and hashes.
        package mutating func encrypt(
            _ plaintext: UnsafeRawBufferPointer, into ciphertext: UnsafeMutableRawBufferPointer
        ) { message.encrypt(plaintext, into: ciphertext) }

        /// Hashes ciphertext without decrypting it.
        package mutating func hash(_ ciphertext: UnsafeRawBufferPointer) { message.hash(ciphertext) }

        /// Writes the tag of all that was hashed, 16 bytes or the front of them, as `tag` has room. Nothing may be hashed after it.
        package mutating func tag(into tag: UnsafeMutableRawBufferPointer) { message.tag(into: tag) }

        /// Whether `tag` is that of all that was hashed, in a time that does not depend on the bytes.
        package mutating func verifies(_ tag: UnsafeRawBufferPointer) -> Bool { message.verifies(tag) }
    }
}

/// One message on its way through the C functions.
private struct GCMMessage {
    let state: UnsafeMutablePointer<guomi_gcm>
    let key: UnsafePointer<guomi_gcm_key>

    /// Gives `body` a message whose state is on the stack, and wiped afterwards.
    static func with<Result>(
        _ key: UnsafePointer<guomi_gcm_key>,
        iv: UnsafeRawBufferPointer,
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        _ body: (GCMMessage) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: guomi_gcm.self, capacity: 1) { state in
            defer { LockedMemory.wipe(UnsafeMutableRawBufferPointer(state)) }
            let message = GCMMessage(state: state.baseAddress.unsafelyUnwrapped, key: key)
            message.start(iv: iv)
            message.authenticate(first)
            message.authenticate(second)
            return body(message)
        }
    }

    static func seal(
        _ plaintext: UnsafeRawBufferPointer,
        _ key: UnsafePointer<guomi_gcm_key>,
        iv: UnsafeRawBufferPointer,
        authenticating first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        into ciphertext: UnsafeMutableRawBufferPointer,
        tag: UnsafeMutableRawBufferPointer
    ) {
        with(key, iv: iv, first, second) { message in
            message.encrypt(plaintext, into: ciphertext)
            message.tag(into: tag)
        }
    }

    static func open(
        _ ciphertext: UnsafeRawBufferPointer,
        _ key: UnsafePointer<guomi_gcm_key>,
        iv: UnsafeRawBufferPointer,
        authenticating first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        tag: UnsafeRawBufferPointer,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Bool {
        with(key, iv: iv, first, second) { message in
            guard message.verifies(ciphertext, tag: tag) else { return false }
            message.decrypt(ciphertext, into: plaintext)
            return true
        }
    }

    func start(iv: UnsafeRawBufferPointer) {
        precondition(!iv.isEmpty)
        guomi_gcm_start(state, key, iv.bytes, iv.count)
    }

    func authenticate(_ data: UnsafeRawBufferPointer) {
        guard !data.isEmpty else { return }
        guomi_gcm_authenticate(state, key, data.bytes, data.count)
    }

    func encrypt(_ plaintext: UnsafeRawBufferPointer, into ciphertext: UnsafeMutableRawBufferPointer) {
        precondition(ciphertext.count >= plaintext.count)
        guard !plaintext.isEmpty else { return }
        guomi_gcm_encrypt(state, key, plaintext.bytes, ciphertext.bytes, plaintext.count)
    }

    func hash(_ ciphertext: UnsafeRawBufferPointer) {
        guard !ciphertext.isEmpty else { return }
        guomi_gcm_hash(state, key, ciphertext.bytes, ciphertext.count)
    }

    func decrypt(_ ciphertext: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer) {
        precondition(plaintext.count >= ciphertext.count)
        guard !ciphertext.isEmpty else { return }
        guomi_gcm_decrypt(state, key, ciphertext.bytes, plaintext.bytes, ciphertext.count)
    }

    func tag(into tag: UnsafeMutableRawBufferPointer) {
        precondition(tag.count <= SM4GCM.tagSize)
        withTemporarySecret(SM4GCM.tagSize) { whole in
            guomi_gcm_tag(state, key, whole.bytes)
            tag.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[..<tag.count]))
        }
    }

    func verifies(_ ciphertext: UnsafeRawBufferPointer, tag: UnsafeRawBufferPointer) -> Bool {
        hash(ciphertext)
        return verifies(tag)
    }

    func verifies(_ tag: UnsafeRawBufferPointer) -> Bool {
        precondition(!tag.isEmpty && tag.count <= SM4GCM.tagSize)
        return withTemporarySecret(SM4GCM.tagSize) { right in
            guomi_gcm_tag(state, key, right.bytes)
            return constantTimeEqual(UnsafeRawBufferPointer(rebasing: right[..<tag.count]), tag)
        }
    }
}

extension SM4GCM {
    /// Whether the example of RFC 8998 (appendix A.1) holds in both directions and another ciphertext is refused, for a
    /// self-test at start.
    package static func knownAnswerHolds() -> Bool {
        guard
            let key = Hex.decode("0123456789abcdeffedcba9876543210".utf8),
            let iv = Hex.decode("00001234567800000000abcd".utf8),
            let header = Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2".utf8)
        else { return false }
        let plaintext = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa].flatMap { [UInt8](repeating: $0, count: 8) }
        let ciphertext =
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        let expectedTag = "83de3541e4c2b58177e065a9bf7b62ec"
        return withTemporarySecret(plaintext.count + tagSize) { bytes in
            let text = UnsafeMutableRawBufferPointer(rebasing: bytes[..<plaintext.count])
            let tag = UnsafeMutableRawBufferPointer(rebasing: bytes[plaintext.count...])
            text.copyBytes(from: plaintext)
            return key.withUnsafeBytes { key in
                iv.withUnsafeBytes { iv in
                    header.withUnsafeBytes { header in
                        func opens() -> Bool {
                            do throws(CryptoError) {
                                try open(
                                    UnsafeRawBufferPointer(text), key: key, iv: iv, authenticating: header,
                                    tag: UnsafeRawBufferPointer(tag), into: text)
                                return true
                            } catch {
                                return false
                            }
                        }
                        seal(
                            UnsafeRawBufferPointer(text), key: key, iv: iv, authenticating: header, into: text,
                            tag: tag)
                        guard Hex.string(text) == ciphertext, Hex.string(tag) == expectedTag else { return false }
                        guard opens(), text.elementsEqual(plaintext) else { return false }
                        return !opens()
                    }
                }
            }
        }
    }
}

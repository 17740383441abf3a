import COpenSSL
import Synchronization

/// A public key or a pair in OpenSSL's form, with prepared contexts for what is done with it.
///
/// An `EVP_PKEY` may serve several threads at once, an `EVP_PKEY_CTX` only one. Making a context looks algorithms up by name, which
/// costs a good part of a verification, so those that have served are kept for the next call.
final class OpenSSLKey: Sendable {
    enum Operation: Hashable {
        case sign(SignatureScheme)
        case verify(SignatureScheme)
        case encrypt(AsymmetricEncryptionScheme)
        case decrypt(AsymmetricEncryptionScheme)
        /// RSA's bare private operation.
        case decryptUnpadded
    }

    /// The numbers of an RSA private key (RFC 8017 section 3.2), in big-endian order.
    struct RSAPrivateNumbers {
        var modulus: UnsafeRawBufferPointer
        var publicExponent: UnsafeRawBufferPointer
        var privateExponent: UnsafeRawBufferPointer
        var prime1: UnsafeRawBufferPointer
        var prime2: UnsafeRawBufferPointer
        var exponent1: UnsafeRawBufferPointer
        var exponent2: UnsafeRawBufferPointer
        var coefficient: UnsafeRawBufferPointer
    }

    /// More threads than this at once with one key make contexts of their own.
    private static let keptContexts = 8

    // Read-only after its making; OpenSSL guards what it caches inside.
    private nonisolated(unsafe) let key: OpaquePointer
    private let contexts = Mutex<[Operation: [Context]]>([:])

    deinit { EVP_PKEY_free(key) }

    private init(takingOver key: OpaquePointer) { self.key = key }

    /// An RSA public key of big-endian numbers.
    convenience init(modulus: UnsafeRawBufferPointer, exponent: UnsafeRawBufferPointer) throws(CryptoError) {
        let key = try withNativeNumbers([("n", modulus), ("e", exponent)]) { parameters throws(CryptoError) in
            try Self.make("RSA", OSSL_KEYMGMT_SELECT_PUBLIC_KEY, &parameters)
        }
        self.init(takingOver: key)
    }

    /// An RSA pair.
    ///
    /// OpenSSL keeps RSA's numbers in its ordinary memory and wipes them with the key. Its decoders would put them into the secure
    /// heap, but leave unwiped copies of the encoding behind, and its Montgomery contexts hold the primes in ordinary memory anyway.
    convenience init(_ numbers: RSAPrivateNumbers) throws(CryptoError) {
        let key = try withNativeNumbers([
            ("n", numbers.modulus), ("e", numbers.publicExponent), ("d", numbers.privateExponent),
            ("rsa-factor1", numbers.prime1), ("rsa-factor2", numbers.prime2),
            ("rsa-exponent1", numbers.exponent1), ("rsa-exponent2", numbers.exponent2),
            ("rsa-coefficient1", numbers.coefficient),
        ]) { parameters throws(CryptoError) in
            try Self.make("RSA", Self.pair, &parameters)
        }
        self.init(takingOver: key)
    }

    /// A public key of a point as 04, x, y; or the pair, if `scalar` is given, which then goes to the secure heap.
    convenience init(
        _ algorithm: AsymmetricAlgorithm, point: [UInt8], scalar: UnsafeRawBufferPointer? = nil
    ) throws(CryptoError) {
        let type: String
        let group: StaticString
        switch algorithm {
        case .p384: (type, group) = ("EC", "P-384")
        case .secp256k1: (type, group) = ("EC", "secp256k1")
        case .sm2: (type, group) = ("SM2", "SM2")
        case .rsa2048, .rsa3072, .rsa4096, .p256: throw .failed
        }
        var numbers: [(name: StaticString, value: UnsafeRawBufferPointer)] = []
        if let scalar { numbers.append(("priv", scalar)) }
        var point = point
        let key = try withNativeNumbers(numbers) { parameters throws(CryptoError) in
            // The values are not written to, whatever the type of the pointers says.
            let name = UnsafeMutablePointer(mutating: group.cString)
            parameters.insert(OSSL_PARAM_construct_utf8_string(Self.groupName.cString, name, 0), at: 0)
            var made: Result<OpaquePointer, CryptoError> = .failure(.failed)
            point.withUnsafeMutableBytes { bytes in
                parameters.insert(
                    OSSL_PARAM_construct_octet_string(Self.pointName.cString, bytes.baseAddress, bytes.count), at: 0)
                do throws(CryptoError) {
                    let selection = scalar == nil ? OSSL_KEYMGMT_SELECT_PUBLIC_KEY : Self.pair
                    made = .success(try Self.make(type, selection | Self.domain, &parameters))
                } catch { made = .failure(error) }
            }
            return try made.get()
        }
        self.init(takingOver: key)
    }

    // Names of OpenSSL's parameters (EVP_PKEY-EC, section "Common EC parameters").
    private static let groupName: StaticString = "group"
    private static let pointName: StaticString = "pub"

    private static let pair = OSSL_KEYMGMT_SELECT_PUBLIC_KEY | OSSL_KEYMGMT_SELECT_PRIVATE_KEY
    private static let domain = OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS

    private static func make(_ type: String, _ selection: Int32, _ parameters: inout [OSSL_PARAM])
        throws(CryptoError) -> OpaquePointer
    {
        SecureHeap.prepare()
        let context = EVP_PKEY_CTX_new_from_name(nil, type, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        parameters.append(OSSL_PARAM_construct_end())
        guard context != nil, EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &key, selection, &parameters) == 1, let key
        else {
            ERR_clear_error()
            throw .failed
        }
        return key
    }

    /// Whether the public key is one: a point of the curve that is not infinity; a modulus that is odd, not prime and without small
    /// factors (NIST SP 800-56B section 6.4.2.2).
    func publicKeyIsValid() -> Bool {
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        guard context != nil, EVP_PKEY_public_check(context) == 1 else {
            ERR_clear_error()
            return false
        }
        return true
    }
}

// MARK: Operations

extension OpenSSLKey {
    /// The signature of a digest, which has the scheme's size: for RSA as long as the modulus, else DER.
    func sign(_ digest: [UInt8], _ scheme: SignatureScheme) throws(CryptoError) -> [UInt8] {
        try withContext(for: .sign(scheme)) { context throws(CryptoError) in
            var size = Int(EVP_PKEY_get_size(key))
            var signature = [UInt8](repeating: 0, count: size)
            guard EVP_PKEY_sign(context, &signature, &size, digest, digest.count) == 1 else { throw .failed }
            signature.removeLast(signature.count - size)
            return signature
        }
    }

    /// Whether `signature`, in the form that ``sign(_:_:)`` gives, is one of the digest.
    func verifies(_ signature: [UInt8], _ digest: [UInt8], _ scheme: SignatureScheme) -> Bool {
        do throws(CryptoError) {
            try withContext(for: .verify(scheme)) { context throws(CryptoError) in
                guard EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1 else {
                    throw .notAuthentic
                }
            }
            return true
        } catch {
            return false
        }
    }

    /// The ciphertext of `plaintext`: for RSA as long as the modulus, for SM2 DER.
    func encrypt(_ plaintext: UnsafeRawBufferPointer, _ scheme: AsymmetricEncryptionScheme)
        throws(CryptoError) -> [UInt8]
    {
        try withContext(for: .encrypt(scheme)) { context throws(CryptoError) in
            var size = 0
            guard EVP_PKEY_encrypt(context, nil, &size, plaintext.bytes, plaintext.count) == 1 else { throw .failed }
            var ciphertext = [UInt8](repeating: 0, count: size)
            guard EVP_PKEY_encrypt(context, &ciphertext, &size, plaintext.bytes, plaintext.count) == 1 else {
                throw .failed
            }
            ciphertext.removeLast(ciphertext.count - size)
            return ciphertext
        }
    }

    /// Decrypts into `plaintext`, which must have room for the longest that there can be, and returns the size.
    func decrypt(_ ciphertext: [UInt8], _ operation: Operation, into plaintext: UnsafeMutableRawBufferPointer)
        throws(CryptoError) -> Int
    {
        try withContext(for: operation) { context throws(CryptoError) in
            var size = plaintext.count
            guard EVP_PKEY_decrypt(context, plaintext.bytes, &size, ciphertext, ciphertext.count) == 1 else {
                throw .notAuthentic
            }
            return size
        }
    }

    private func withContext<Result>(
        for operation: Operation,
        _ body: (OpaquePointer) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        let kept = contexts.withLock { $0[operation]?.popLast() }
        do throws(CryptoError) {
            let context = if let kept { kept } else { try Context(for: operation, of: key) }
            let result = try body(context.pointer)
            contexts.withLock {
                if $0[operation, default: []].count < Self.keptContexts { $0[operation, default: []].append(context) }
            }
            return result
        } catch {
            // A context that failed is not kept, and OpenSSL's list of errors of this thread must not grow.
            ERR_clear_error()
            throw error
        }
    }
}

// MARK: Contexts

extension OpenSSLKey {
    /// A context that has been told all but the data. One thread has it at a time.
    private final class Context: @unchecked Sendable {
        let pointer: OpaquePointer

        init(for operation: Operation, of key: OpaquePointer) throws(CryptoError) {
            guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { throw .failed }
            pointer = context
            guard Self.prepare(context, for: operation) else { throw .failed }
        }

        deinit { EVP_PKEY_CTX_free(pointer) }

        private static func prepare(_ context: OpaquePointer, for operation: Operation) -> Bool {
            switch operation {
            case .sign(let scheme): EVP_PKEY_sign_init(context) == 1 && choose(scheme, context)
            case .verify(let scheme): EVP_PKEY_verify_init(context) == 1 && choose(scheme, context)
            case .encrypt(let scheme): EVP_PKEY_encrypt_init(context) == 1 && choose(scheme, context)
            case .decrypt(let scheme): EVP_PKEY_decrypt_init(context) == 1 && choose(scheme, context)
            case .decryptUnpadded:
                EVP_PKEY_decrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1
            }
        }

        private static func choose(_ scheme: SignatureScheme, _ context: OpaquePointer) -> Bool {
            switch scheme {
            case .rsaPSSSHA256: choosePSS(EVP_sha256(), scheme, context)
            case .rsaPSSSHA384: choosePSS(EVP_sha384(), scheme, context)
            case .rsaPSSSHA512: choosePSS(EVP_sha512(), scheme, context)
            case .rsaPKCS1SHA256: choosePKCS1(EVP_sha256(), context)
            case .rsaPKCS1SHA384: choosePKCS1(EVP_sha384(), context)
            case .rsaPKCS1SHA512: choosePKCS1(EVP_sha512(), context)
            case .ecdsaSHA256, .ecdsaSHA384, .sm2DSA:
                // Without a hash function the digest is signed as it is.
                true
            }
        }

        private static func choosePSS(
            _ hash: OpaquePointer?, _ scheme: SignatureScheme, _ context: OpaquePointer
        ) -> Bool {
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, hash) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(scheme.digestSize)) == 1
        }

        private static func choosePKCS1(_ hash: OpaquePointer?, _ context: OpaquePointer) -> Bool {
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, hash) == 1
        }

        private static func choose(_ scheme: AsymmetricEncryptionScheme, _ context: OpaquePointer) -> Bool {
            switch scheme {
            case .rsaPKCS1: EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
            case .rsaOAEPSHA1: chooseOAEP(EVP_sha1(), context)
            case .rsaOAEPSHA256: chooseOAEP(EVP_sha256(), context)
            case .sm2ASN1, .sm2Raw: true
            }
        }

        private static func chooseOAEP(_ hash: OpaquePointer?, _ context: OpaquePointer) -> Bool {
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1
        }
    }
}

/// Gives `body` OpenSSL's parameters for numbers in big-endian order. They stand in the machine's order in memory that is wiped.
private func withNativeNumbers<Result>(
    _ numbers: [(name: StaticString, value: UnsafeRawBufferPointer)],
    _ body: (inout [OSSL_PARAM]) throws(CryptoError) -> Result
) throws(CryptoError) -> Result {
    try withTemporarySecret(numbers.reduce(1) { $0 + $1.value.count }) { memory throws(CryptoError) in
        var parameters: [OSSL_PARAM] = []
        var used = 0
        for (name, value) in numbers {
            guard !value.isEmpty else { throw .malformed }
            let native = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + value.count])
            // All platforms of Swift that have OpenSSL are little-endian.
            native.copyBytes(from: value.reversed())
            parameters.append(OSSL_PARAM_construct_BN(name.cString, native.bytes, native.count))
            used += value.count
        }
        return try body(&parameters)
    }
}

extension StaticString {
    /// The text with the zero that ends it, for as long as the program runs.
    fileprivate var cString: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

/// What a PKCS#8 `PrivateKeyInfo` (RFC 5208 section 5) holds, pointing into its bytes.
enum PrivateKeyInfo {
    case rsa(AsymmetricAlgorithm, OpenSSLKey.RSAPrivateNumbers)
    /// `ECPrivateKey` (RFC 5915) on a named curve; the public point is optional there.
    case curve(AsymmetricAlgorithm, scalar: UnsafeRawBufferPointer, point: UnsafeRawBufferPointer?)

    /// Parses the whole of `encoding`.
    ///
    /// - Throws: ``CryptoError/malformed`` for anything but strict DER of a known algorithm.
    init(_ encoding: UnsafeRawBufferPointer) throws(CryptoError) {
        var whole = DERReader(encoding)
        var info = try whole.enter(.sequence)
        try whole.expectEnd()
        try info.expect(0)
        let identifier = try info.readWhole()
        let content = try info.read(.octetString)
        // Attributes say nothing that matters here.
        if info.sees(.context0) { _ = try info.read(.context0) }
        try info.expectEnd()

        var numbers: OpenSSLKey.RSAPrivateNumbers?
        let algorithm = try AsymmetricAlgorithm.named(identifier) { () throws(CryptoError) in
            let parsed = try Self.rsaNumbers(content)
            numbers = parsed
            return RSAPublicNumbers.bits(parsed.modulus)
        }
        if let numbers {
            try RSAPublicNumbers.check(modulus: numbers.modulus, exponent: numbers.publicExponent)
            guard numbers.privateExponent.count <= algorithm.size else { throw .malformed }
            self = .rsa(algorithm, numbers)
        } else {
            self = try Self.curve(algorithm, content, identifier)
        }
    }

    /// `RSAPrivateKey` (RFC 8017 appendix A.1.2) with two primes.
    private static func rsaNumbers(_ content: UnsafeRawBufferPointer)
        throws(CryptoError) -> OpenSSLKey.RSAPrivateNumbers
    {
        var whole = DERReader(content)
        var key = try whole.enter(.sequence)
        try whole.expectEnd()
        try key.expect(0)
        let numbers = OpenSSLKey.RSAPrivateNumbers(
            modulus: try key.readUnsigned(), publicExponent: try key.readUnsigned(),
            privateExponent: try key.readUnsigned(), prime1: try key.readUnsigned(), prime2: try key.readUnsigned(),
            exponent1: try key.readUnsigned(), exponent2: try key.readUnsigned(), coefficient: try key.readUnsigned())
        try key.expectEnd()
        return numbers
    }

    private static func curve(
        _ algorithm: AsymmetricAlgorithm, _ content: UnsafeRawBufferPointer, _ identifier: UnsafeRawBufferPointer
    ) throws(CryptoError) -> PrivateKeyInfo {
        var whole = DERReader(content)
        var key = try whole.enter(.sequence)
        try whole.expectEnd()
        try key.expect(1)
        let scalar = try key.read(.octetString)
        guard scalar.count == algorithm.size else { throw .malformed }
        if key.sees(.context0) {
            // The name of the curve once more. It ends the identifier, whose other name is always the same.
            let name = try key.read(.context0)
            var parameters = DERReader(identifier)
            var names = try parameters.enter(.sequence)
            _ = try names.readWhole()
            guard try names.readWhole().elementsEqual(name) else { throw .malformed }
        }
        var point: UnsafeRawBufferPointer?
        if key.sees(.context1) {
            var field = try key.enter(.context1)
            let bits = try field.read(.bitString)
            try field.expectEnd()
            guard bits.count == 2 + 2 * algorithm.size, bits[0] == 0, bits[1] == 4 else { throw .malformed }
            point = UnsafeRawBufferPointer(rebasing: bits[1...])
        }
        try key.expectEnd()
        return .curve(algorithm, scalar: scalar, point: point)
    }
}

// MARK: Writing

extension PrivateKeyInfo {
    /// More than the longest key takes, which is one of RSA with 4096 bits.
    private static let largest = 4096

    /// The DER of what this holds. Where there is no point, the result has neither public key nor parameters inside.
    func encoded() -> KeyMaterial {
        withTemporarySecret(Self.largest) { memory in
            var writer = DERSecretWriter(memory)
            let end = writer.start
            let algorithm: AsymmetricAlgorithm
            switch self {
            case .rsa(let name, let numbers):
                algorithm = name
                for number in [
                    numbers.coefficient, numbers.exponent2, numbers.exponent1, numbers.prime2, numbers.prime1,
                    numbers.privateExponent, numbers.publicExponent, numbers.modulus,
                ] {
                    writer.prependUnsigned(number)
                }
                writer.prependUnsigned(CollectionOfOne(0))
            case .curve(let name, let scalar, let point):
                algorithm = name
                if let point {
                    writer.prepend(point)
                    writer.prepend(CollectionOfOne(0))
                    writer.enclose(.bitString, until: end)
                    writer.enclose(.context1, until: end)
                }
                let scalarEnd = writer.start
                writer.prepend(scalar)
                writer.enclose(.octetString, until: scalarEnd)
                writer.prependUnsigned(CollectionOfOne(1))
            }
            writer.enclose(.sequence, until: end)
            writer.enclose(.octetString, until: end)
            writer.prepend(algorithm.identifier)
            writer.prependUnsigned(CollectionOfOne(0))
            writer.enclose(.sequence, until: end)
            return KeyMaterial(copying: writer.written)
        }
    }
}

@testable import ClavigerCrypto

extension SM4GCM {
    static func seal(
        _ plaintext: [UInt8],
        key: [UInt8],
        iv: [UInt8],
        authenticating first: [UInt8],
        _ second: [UInt8] = []
    ) -> (ciphertext: [UInt8], tag: [UInt8]) {
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: tagSize)
        ciphertext.withUnsafeMutableBytes { ciphertext in
            tag.withUnsafeMutableBytes { tag in
                plaintext.withUnsafeBytes { plaintext in
                    key.withUnsafeBytes { key in
                        iv.withUnsafeBytes { iv in
                            first.withUnsafeBytes { first in
                                second.withUnsafeBytes { second in
                                    seal(
                                        plaintext, key: key, iv: iv, authenticating: first, second, into: ciphertext,
                                        tag: tag)
                                }
                            }
                        }
                    }
                }
            }
        }
        return (ciphertext, tag)
    }

    /// Opens into `plaintext`, whose previous content is replaced.
    static func open(
        _ ciphertext: [UInt8],
        key: [UInt8],
        iv: [UInt8],
        authenticating first: [UInt8],
        _ second: [UInt8] = [],
        tag: [UInt8],
        into plaintext: inout [UInt8]
    ) throws {
        try plaintext.withUnsafeMutableBytes { plaintext in
            try ciphertext.withUnsafeBytes { ciphertext in
                try key.withUnsafeBytes { key in
                    try iv.withUnsafeBytes { iv in
                        try first.withUnsafeBytes { first in
                            try second.withUnsafeBytes { second in
                                try tag.withUnsafeBytes { tag in
                                    try open(
                                        ciphertext, key: key, iv: iv, authenticating: first, second, tag: tag,
                                        into: plaintext)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    static func open(
        _ ciphertext: [UInt8],
        key: [UInt8],
        iv: [UInt8],
        authenticating first: [UInt8],
        _ second: [UInt8] = [],
        tag: [UInt8]
    ) throws -> [UInt8] {
        var plaintext = [UInt8](repeating: 0xAA, count: ciphertext.count)
        try open(ciphertext, key: key, iv: iv, authenticating: first, second, tag: tag, into: &plaintext)
        return plaintext
    }
}

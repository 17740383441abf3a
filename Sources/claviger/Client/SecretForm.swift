import ClavigerCrypto

/// The body that brings a secret's value: a form with the one parameter `SecretData`.
enum SecretForm {
    static let contentType = "application/x-www-form-urlencoded"

    private static let name = Array("SecretData=".utf8)
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// The body, which its user wipes.
    static func body(of value: KeyMaterial) -> [UInt8] {
        value.withUnsafeBytes { value in
            // Made in one piece: what grows leaves copies behind.
            [UInt8](unsafeUninitializedCapacity: name.count + 3 * value.count) { buffer, count in
                func append(_ byte: UInt8) {
                    buffer.initializeElement(at: count, to: byte)
                    count += 1
                }
                for byte in name { append(byte) }
                for byte in value {
                    if PercentEncoding.isUnreserved(byte) {
                        append(byte)
                    } else {
                        append(UInt8(ascii: "%"))
                        append(hexadecimal[Int(byte >> 4)])
                        append(hexadecimal[Int(byte & 15)])
                    }
                }
            }
        }
    }
}

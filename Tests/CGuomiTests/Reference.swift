import CGcrypt
import COpenSSL

/// SM4 as libgcrypt has it: the independent implementation with which the kernels must agree.
enum Reference {
    enum Mode: CaseIterable, Sendable {
        case ecbEncryption, ecbDecryption, cbcEncryption, cbcDecryption, ctr, gcm

        fileprivate var number: Int32 {
            switch self {
            case .ecbEncryption, .ecbDecryption: Int32(GCRY_CIPHER_MODE_ECB.rawValue)
            case .cbcEncryption, .cbcDecryption: Int32(GCRY_CIPHER_MODE_CBC.rawValue)
            case .ctr: Int32(GCRY_CIPHER_MODE_CTR.rawValue)
            case .gcm: Int32(GCRY_CIPHER_MODE_GCM.rawValue)
            }
        }

        fileprivate var decrypts: Bool {
            switch self {
            case .ecbDecryption, .cbcDecryption: true
            case .ecbEncryption, .cbcEncryption, .ctr, .gcm: false
            }
        }
    }

    private static let isReady = gcry_check_version("1.9.0") != nil && claviger_gcrypt_initialize() == 0

    /// What becomes of `input`; for GCM the tag stands behind it.
    static func output(
        _ mode: Mode, key: [UInt8], iv: [UInt8], associated: [UInt8] = [], _ input: ArraySlice<UInt8>
    ) -> [UInt8] {
        precondition(isReady)
        var opened: gcry_cipher_hd_t?
        check(gcry_cipher_open(&opened, Int32(GCRY_CIPHER_SM4.rawValue), mode.number, 0))
        defer { gcry_cipher_close(opened) }
        check(gcry_cipher_setkey(opened, key, key.count))
        switch mode {
        case .ecbEncryption, .ecbDecryption: break
        case .cbcEncryption, .cbcDecryption, .gcm: check(gcry_cipher_setiv(opened, iv, iv.count))
        case .ctr: check(gcry_cipher_setctr(opened, iv, iv.count))
        }
        if mode == .gcm, !associated.isEmpty {
            check(gcry_cipher_authenticate(opened, associated, associated.count))
        }
        var output = [UInt8](repeating: 0, count: input.count + (mode == .gcm ? 16 : 0))
        output.withUnsafeMutableBytes { output in
            input.withUnsafeBytes { input in
                let crypt = mode.decrypts ? gcry_cipher_decrypt : gcry_cipher_encrypt
                if !input.isEmpty {
                    check(crypt(opened, output.baseAddress, input.count, input.baseAddress, input.count))
                }
                if mode == .gcm {
                    check(gcry_cipher_gettag(opened, output.baseAddress.map { $0 + input.count }, 16))
                }
            }
        }
        return output
    }

    private static func check(_ error: gcry_error_t) { precondition(error == 0, "libgcrypt: \(error)") }

    /// The SM3 hash by OpenSSL.
    static func sm3(_ message: ArraySlice<UInt8>) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: 32)
        let done = message.withUnsafeBytes { EVP_Digest($0.baseAddress, $0.count, &hash, nil, EVP_sm3(), nil) }
        precondition(done == 1)
        return hash
    }
}

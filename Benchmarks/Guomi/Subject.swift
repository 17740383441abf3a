import CGcrypt
import CGuomi
import COpenSSL

/// Who does the work.
enum Subject {
    case openSSL, libgcrypt
    case kernel(String)

    var name: String {
        switch self {
        case .openSSL: "OpenSSL"
        case .libgcrypt: "libgcrypt"
        case .kernel(let name): name
        }
    }

    /// Makes this subject's kernel the one in use, if it has one.
    func select() {
        if case .kernel(let name) = self { precondition(guomi_use_kernel(name) == 0) }
    }

    /// One pass over `size` bytes, with all that is needed once done.
    func prepare(_ operation: Operation, _ size: Int) -> () -> Void {
        select()
        let buffer = Buffer(size)
        return switch self {
        case .openSSL: Self.openSSL(operation, buffer)
        case .libgcrypt: Self.libgcrypt(operation, buffer)
        case .kernel: Self.kernel(operation, buffer)
        }
    }

    /// Memory that the closures keep: `size` bytes from a multiple of 64, in which the work is done in place, and room for a key.
    private final class Buffer {
        static let lanes = 16

        let size: Int
        let bytes: UnsafeMutablePointer<UInt8>
        let key: UnsafeMutablePointer<guomi_gcm_key>
        let schedule: UnsafeMutablePointer<guomi_sm4_key>
        var iv = [UInt8](repeating: 9, count: 16)

        init(_ size: Int) {
            self.size = size
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size + 64, alignment: 64)
            bytes = memory.initializeMemory(as: UInt8.self, repeating: 0x5A, count: size + 64)
            let keyMemory = UnsafeMutableRawPointer.allocate(
                byteCount: MemoryLayout<guomi_gcm_key>.size, alignment: Int(GUOMI_GCM_KEY_ALIGNMENT))
            key = keyMemory.bindMemory(to: guomi_gcm_key.self, capacity: 1)
            schedule = .allocate(capacity: 1)
            schedule.initialize(to: guomi_sm4_key())
        }

        deinit {
            bytes.deallocate()
            key.deallocate()
            schedule.deallocate()
        }
    }

    private static let key = [UInt8](0..<16)

    private static func kernel(_ operation: Operation, _ buffer: Buffer) -> () -> Void {
        let blocks = buffer.size / 16
        guomi_sm4_set_key(buffer.schedule, key)
        guomi_gcm_set_key(buffer.key, key)
        switch operation {
        case .ecb:
            return { guomi_sm4_ecb_encrypt(buffer.schedule, buffer.bytes, buffer.bytes, blocks) }
        case .ctr:
            return { guomi_sm4_ctr(buffer.schedule, &buffer.iv, buffer.bytes, buffer.bytes, buffer.size) }
        case .cbcEncryption:
            return { guomi_sm4_cbc_encrypt(buffer.schedule, &buffer.iv, buffer.bytes, buffer.bytes, blocks) }
        case .cbcLanes:
            let share = blocks / Buffer.lanes
            var lanes = (0..<Buffer.lanes).map { index in
                let start = buffer.bytes + 16 * share * index
                return guomi_sm4_lane(input: start, output: start, blocks: share, iv: guomi_sm4_lane().iv)
            }
            return { guomi_sm4_cbc_encrypt_lanes(buffer.schedule, &lanes, lanes.count) }
        case .cbcDecryption:
            return { guomi_sm4_cbc_decrypt(buffer.schedule, &buffer.iv, buffer.bytes, buffer.bytes, blocks) }
        case .gcm:
            return {
                var (state, tag) = (guomi_gcm(), [UInt8](repeating: 0, count: 16))
                guomi_gcm_start(&state, buffer.key, buffer.iv, 12)
                guomi_gcm_encrypt(&state, buffer.key, buffer.bytes, buffer.bytes, buffer.size)
                guomi_gcm_tag(&state, buffer.key, &tag)
            }
        case .gcmOpening:
            return {
                var (state, tag) = (guomi_gcm(), [UInt8](repeating: 0, count: 16))
                guomi_gcm_start(&state, buffer.key, buffer.iv, 12)
                guomi_gcm_hash(&state, buffer.key, buffer.bytes, buffer.size)
                guomi_gcm_tag(&state, buffer.key, &tag)
                guomi_gcm_decrypt(&state, buffer.key, buffer.bytes, buffer.bytes, buffer.size)
            }
        case .sm3:
            var state = [UInt32](repeating: 1, count: 8)
            return { guomi_sm3_compress(&state, buffer.bytes, buffer.size / 64) }
        }
    }

    private static func openSSL(_ operation: Operation, _ buffer: Buffer) -> () -> Void {
        if operation == .sm3 {
            var hash = [UInt8](repeating: 0, count: 32)
            let algorithm = EVP_MD_fetch(nil, "SM3", nil)
            return { precondition(EVP_Digest(buffer.bytes, buffer.size, &hash, nil, algorithm, nil) == 1) }
        }
        let context = EVP_CIPHER_CTX_new()
        let cipher =
            switch operation {
            case .ecb: EVP_sm4_ecb()
            case .ctr: EVP_sm4_ctr()
            case .cbcEncryption, .cbcLanes, .cbcDecryption, .gcm, .gcmOpening, .sm3: EVP_sm4_cbc()
            }
        let encrypts: Int32 = operation == .cbcDecryption ? 0 : 1
        precondition(EVP_CipherInit_ex2(context, cipher, key, buffer.iv, encrypts, nil) == 1)
        EVP_CIPHER_CTX_set_padding(context, 0)
        return {
            var written: Int32 = 0
            precondition(EVP_CipherUpdate(context, buffer.bytes, &written, buffer.bytes, Int32(buffer.size)) == 1)
        }
    }

    private static func libgcrypt(_ operation: Operation, _ buffer: Buffer) -> () -> Void {
        if operation == .sm3 {
            var hash = [UInt8](repeating: 0, count: 32)
            return { gcry_md_hash_buffer(Int32(GCRY_MD_SM3.rawValue), &hash, buffer.bytes, buffer.size) }
        }
        let mode =
            switch operation {
            case .ecb: GCRY_CIPHER_MODE_ECB
            case .ctr: GCRY_CIPHER_MODE_CTR
            case .cbcEncryption, .cbcLanes, .cbcDecryption, .sm3: GCRY_CIPHER_MODE_CBC
            case .gcm, .gcmOpening: GCRY_CIPHER_MODE_GCM
            }
        var opened: gcry_cipher_hd_t?
        precondition(gcry_cipher_open(&opened, Int32(GCRY_CIPHER_SM4.rawValue), Int32(mode.rawValue), 0) == 0)
        precondition(gcry_cipher_setkey(opened, key, key.count) == 0)
        let cipher = opened
        let decrypts = operation == .cbcDecryption || operation == .gcmOpening
        return {
            if mode == GCRY_CIPHER_MODE_GCM {
                precondition(gcry_cipher_setiv(cipher, buffer.iv, 12) == 0)
            }
            let crypt = decrypts ? gcry_cipher_decrypt : gcry_cipher_encrypt
            precondition(crypt(cipher, buffer.bytes, buffer.size, nil, 0) == 0)
            if mode == GCRY_CIPHER_MODE_GCM {
                var tag = [UInt8](repeating: 0, count: 16)
                precondition(gcry_cipher_gettag(cipher, &tag, tag.count) == 0)
            }
        }
    }
}

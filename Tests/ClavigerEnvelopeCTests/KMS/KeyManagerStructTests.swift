import CKmsEncSdk
import ClavigerEnvelopeC
import Testing

/// What the C functions do with a caller's struct. None of these calls reaches a KMS.
@Suite struct KeyManagerStructTests {
    private typealias Manager = CKmsEncSdk.KeyManager

    private static func made(
        _ masterKeys: String = "r:k", limits: (CInt, CInt, CInt) = (0, 0, 0), id: String = "id", key: String = "key"
    ) -> (result: CInt, manager: Manager) {
        var manager = Manager()
        // As if it were on the stack of a program that did not clear it.
        _ = withUnsafeMutableBytes(of: &manager) { $0.initializeMemory(as: UInt8.self, repeating: 0x5C) }
        var list = Array(masterKeys.utf8CString) + [CChar](repeating: 0, count: 512)
        var (id, key) = (Array(id.utf8CString), Array(key.utf8CString))
        let result = InitKeyManager(&manager, &list, limits.0, limits.1, limits.2, &id, &key)
        return (result, manager)
    }

    /// The result of a decryption that ends before a KMS would be asked: whether the manager is known is looked at first.
    private static func isKnown(_ manager: inout Manager) -> Bool {
        var (head, length, source, target) = (MsgHead(), 0, [UInt8](repeating: 0, count: 100), [UInt8(0)])
        switch Decrypt(&source, source.count, &manager, &head, &target, &length) {
        case ES_GET_PROTO_ERR.rawValue: return true
        case ES_ERROR.rawValue: return false
        case let other:
            Issue.record("code \(other)")
            return false
        }
    }

    @Test func `A manager is known until it is freed, to all copies of its struct`() {
        var (result, manager) = Self.made()
        #expect(result == ES_OK.rawValue)
        var copy = manager
        #expect(Self.isKnown(&manager) && Self.isKnown(&copy))
        #expect(FreeKeyManager(&manager) == ES_OK.rawValue)
        #expect(!Self.isKnown(&manager) && !Self.isKnown(&copy))
        #expect(FreeKeyManager(&manager) == ES_ERROR.rawValue)
        #expect(FreeKeyManager(&copy) == ES_ERROR.rawValue)
    }

    @Test(arguments: [0, 0x5C, 0xFF] as [UInt8])
    func `A struct that was never initialised names no manager`(filling: UInt8) {
        var manager = Manager()
        _ = withUnsafeMutableBytes(of: &manager) { $0.initializeMemory(as: UInt8.self, repeating: filling) }
        #expect(!Self.isKnown(&manager))
        #expect(FreeKeyManager(&manager) == ES_ERROR.rawValue)
    }

    @Test func `Limits are kept in the struct, credentials are left to the caller`() {
        let (result, manager) = Self.made(limits: (3, 40, 500))
        #expect(result == ES_OK.rawValue)
        #expect(manager.msgCount == 3 && manager.enExpiretime == 40 && manager.deExpiretime == 500)
        #expect(withUnsafeBytes(of: manager.secretKey) { $0.allSatisfy { $0 == 0x5C } })
    }

    @Test func `What cannot be initialised is left as it was`() {
        for made in [
            Self.made(""), Self.made("nothing"), Self.made(limits: (-1, 0, 0)), Self.made(limits: (0, -1, 0)),
            Self.made(limits: (0, 0, -1)), Self.made(id: ""), Self.made(key: ""), Self.made(id: "a\nb"),
            Self.made(id: String(repeating: "a", count: 256)), Self.made(key: String(repeating: "a", count: 256)),
        ] {
            #expect(made.result < 0)
            #expect(withUnsafeBytes(of: made.manager) { $0.allSatisfy { $0 == 0x5C } })
        }
        #expect(Self.made("").result == ES_NO_CMKEY.rawValue)
        #expect(Self.made(id: String(repeating: "a", count: 255)).result == ES_OK.rawValue)
    }

    @Test func `Arguments of Encrypt are checked in the documented order`() {
        var manager = Self.made().manager
        var (head, length) = (MsgHead(), 77)
        var (source, target) = ([UInt8](repeating: 1, count: 10), [UInt8](repeating: 0, count: 17_000))
        func encrypt(
            _ count: Int, _ list: String, _ algorithm: UInt32, _ context: String, _ block: Int
        ) -> CInt {
            var list = Array(list.utf8CString) + [CChar](repeating: 0, count: 512)
            var context = context.utf8CString.map { UInt8(bitPattern: $0) }
            return Encrypt(
                &source, count, &manager, &list, Algorithm(algorithm), &context, block, &head, &target, &length)
        }
        #expect(encrypt(-1, "", 9, "x", -1) == ES_ERROR.rawValue)
        #expect(encrypt(0, "", 9, "x", -1) == ES_ENCRYPT_SOURCE_EMPTY.rawValue)
        #expect(encrypt(10, "", 9, "x", -1) == ES_ALGRITHM_ERR.rawValue)
        #expect(encrypt(10, "", 0, "x", 1 << 31) == ES_ALGRITHM_ERR.rawValue)
        #expect(encrypt(10, "", 1, "x", 1 << 31) == ES_NO_CMKEY.rawValue)
        #expect(encrypt(10, "", 1, "x", -1) == ES_NO_CMKEY.rawValue)
        #expect(encrypt(10, "r:k", 1, "{}", 1 << 31) == ES_ERROR.rawValue)
        #expect(encrypt(10, "r:k", 1, "{}", -1) == ES_ERROR.rawValue)
        for context in ["x", "[]", "\"a\"", "{", "{}{}", "{\"a\":\"" + String(repeating: "b", count: 2048) + "\"}"] {
            #expect(encrypt(10, "r:k", 1, context, 0) == ES_ERROR.rawValue, "\(context.prefix(20))")
        }
        // An address that is none: nobody is asked.
        #expect(encrypt(10, "r:k", 1, "{}", 0) == ES_GENERATE_DATAKEY_ERR.rawValue)
        // The manager comes after what the documented order names.
        manager.handle = 0
        #expect(encrypt(0, "", 9, "x", -1) == ES_ENCRYPT_SOURCE_EMPTY.rawValue)
        #expect(encrypt(10, "", 9, "x", -1) == ES_ALGRITHM_ERR.rawValue)
        #expect(encrypt(10, "", 1, "x", -1) == ES_NO_CMKEY.rawValue)
        #expect(encrypt(10, "r:k", 1, "{}", 0) == ES_ERROR.rawValue)
        #expect(length == 77 && head.dataKeyNum == 0)
    }

    @Test func `Null pointers are refused`() {
        var manager = Self.made().manager
        var (head, length) = (MsgHead(), 0)
        var (source, list) = ([UInt8](repeating: 1, count: 10), [CChar(0)])
        var target = [UInt8](repeating: 0, count: 17_000)
        #expect(Encrypt(nil, 1, &manager, &list, SM4_GCM_128, nil, 0, &head, &target, &length) == ES_ERROR.rawValue)
        #expect(Encrypt(&source, 1, nil, &list, SM4_GCM_128, nil, 0, &head, &target, &length) == ES_ERROR.rawValue)
        #expect(Encrypt(&source, 1, &manager, nil, SM4_GCM_128, nil, 0, &head, &target, &length) == ES_ERROR.rawValue)
        #expect(Encrypt(&source, 1, &manager, &list, SM4_GCM_128, nil, 0, nil, &target, &length) == ES_ERROR.rawValue)
        #expect(Encrypt(&source, 1, &manager, &list, SM4_GCM_128, nil, 0, &head, nil, &length) == ES_ERROR.rawValue)
        #expect(Encrypt(&source, 1, &manager, &list, SM4_GCM_128, nil, 0, &head, &target, nil) == ES_ERROR.rawValue)
        #expect(Decrypt(nil, 10, &manager, &head, &target, &length) == ES_ERROR.rawValue)
        #expect(Decrypt(&source, 10, nil, &head, &target, &length) == ES_ERROR.rawValue)
        #expect(Decrypt(&source, 10, &manager, nil, &target, &length) == ES_ERROR.rawValue)
        #expect(Decrypt(&source, 10, &manager, &head, nil, &length) == ES_ERROR.rawValue)
        #expect(Decrypt(&source, 10, &manager, &head, &target, nil) == ES_ERROR.rawValue)
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: 4)
        defer { text.deallocate() }
        text.initialize(repeating: 0, count: 4)
        text[0] = 0x78
        #expect(InitKeyManager(nil, text, 0, 0, 0, text, text) == ES_ERROR.rawValue)
        #expect(InitKeyManager(&manager, nil, 0, 0, 0, text, text) == ES_ERROR.rawValue)
        #expect(InitKeyManager(&manager, text, 0, 0, 0, nil, text) == ES_ERROR.rawValue)
        #expect(InitKeyManager(&manager, text, 0, 0, 0, text, nil) == ES_ERROR.rawValue)
        #expect(InitSdk(nil, text, text, text) == ES_ERROR.rawValue)
        #expect(InitSdk(text, nil, text, text) == ES_ERROR.rawValue)
        #expect(InitSdk(text, text, nil, text) == ES_ERROR.rawValue)
        #expect(InitSdk(text, text, text, nil) == ES_ERROR.rawValue)
        #expect(FreeKeyManager(nil) == ES_ERROR.rawValue)
    }
}

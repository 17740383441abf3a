import CKmsEncSdk
import ClavigerEnvelopeC
import Testing

@Suite struct MasterKeyListTests {
    /// A buffer of a caller, with bytes behind it that must stay.
    private struct List {
        static let size = Int(KMS_ENC_SDK_MIN_MASTERKEYS)
        var bytes = [CChar](repeating: 0x7F, count: size + 64)

        init(_ text: String? = nil) {
            if let text { bytes.replaceSubrange(0...text.utf8.count, with: text.utf8CString) }
        }

        var text: String {
            String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        var isIntact: Bool { bytes[Self.size...].allSatisfy { $0 == 0x7F } }

        mutating func new(_ region: String, _ keyID: String) -> CInt {
            call(NewMasterKey, region, keyID)
        }

        mutating func add(_ region: String, _ keyID: String) -> CInt {
            call(AddMasterKey, region, keyID)
        }

        private mutating func call(
            _ function: (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?) ->
                CInt,
            _ region: String, _ keyID: String
        ) -> CInt {
            var (region, keyID) = (Array(region.utf8CString), Array(keyID.utf8CString))
            return function(&bytes, &region, &keyID)
        }
    }

    @Test func `A list begins anew whatever the buffer holds`() {
        var list = List()
        #expect(list.new("ap-guangzhou", "key-1") == ES_OK.rawValue)
        #expect(list.text == "ap-guangzhou:key-1")
        #expect(list.add("ap-beijing", "key_2") == ES_OK.rawValue)
        #expect(list.text == "ap-guangzhou:key-1;ap-beijing:key_2")
        #expect(list.new("r", "k") == ES_OK.rawValue)
        #expect(list.text == "r:k")
        #expect(list.isIntact)
    }

    @Test func `Five keys of the largest size fit, and there is no sixth`() {
        let (region, keyID) = (String(repeating: "r", count: 32), String(repeating: "k", count: 64))
        var list = List()
        #expect(list.new(region, keyID) == ES_OK.rawValue)
        for _ in 2...5 { #expect(list.add(region, keyID) == ES_OK.rawValue) }
        let before = list.bytes
        #expect(list.add(region, keyID) == ES_ERROR.rawValue)
        #expect(list.bytes == before)
        #expect(list.isIntact)
    }

    @Test(arguments: [
        ("", "k"), ("r", ""), (String(repeating: "r", count: 33), "k"), ("r", String(repeating: "k", count: 65)),
        ("r", String(repeating: "k", count: 3999)), ("r:s", "k"), ("r", "k;l"), ("r ", "k"), ("r", "k\n"), ("é", "k"),
        ("r", "k/../x"),
    ])
    func `What cannot be a region or a key id changes nothing`(region: String, keyID: String) {
        var list = List("a:b")
        let before = list.bytes
        #expect(list.new(region, keyID) == ES_ERROR.rawValue)
        #expect(list.add(region, keyID) == ES_ERROR.rawValue)
        #expect(list.bytes == before)
    }

    @Test func `Nothing is added to a list that was not begun`() {
        var list = List("")
        #expect(list.add("r", "k") == ES_NO_CMKEY.rawValue)
        #expect(list.text.isEmpty)
    }

    @Test(arguments: ["r", "r:", ":k", "r:k;", ";r:k", "r:k;;r:k", "r:k;r", "a:b;a:b;a:b;a:b;a:b;a:b", "a:b:c"])
    func `What is no list is refused`(text: String) {
        var list = List(text)
        let before = list.bytes
        #expect(list.add("r", "k") == ES_ERROR.rawValue)
        #expect(list.bytes == before)
    }

    @Test func `A list that does not end in its buffer is refused`() {
        var list = List()
        for index in 0..<List.size { list.bytes[index] = CChar(UInt8(ascii: "a")) }
        #expect(list.add("r", "k") == ES_ERROR.rawValue)
    }

    @Test func `Null pointers are refused`() {
        var (region, keyID, list) = (Array("r".utf8CString), Array("k".utf8CString), List("a:b").bytes)
        for function in [NewMasterKey, AddMasterKey] {
            #expect(function(nil, &region, &keyID) == ES_ERROR.rawValue)
            #expect(function(&list, nil, &keyID) == ES_ERROR.rawValue)
            #expect(function(&list, &region, nil) == ES_ERROR.rawValue)
        }
    }
}

import CKmsEncSdk
import ClavigerEnvelope

extension MessageHeader {
    /// Fills a caller's struct. All texts fit: longer ones are refused when a message is made or parsed.
    func write(into head: UnsafeMutablePointer<MsgHead>) {
        head.update(repeating: MsgHead(), count: 1)
        head.pointee.algorithm = CKmsEncSdk.Algorithm(UInt32(algorithm.rawValue))
        withUnsafeMutableBytes(of: &head.pointee.encryptionContext) { CText.write(encryptionContext, into: $0) }
        head.pointee.dataKeyNum = CInt(dataKeys.count)
        withUnsafeMutableBytes(of: &head.pointee.dataKey) { members in
            let slots = members.bindMemory(to: CKmsEncSdk.EncryptedDataKey.self)
            for (index, key) in dataKeys.enumerated() {
                withUnsafeMutableBytes(of: &slots[index].cmkRegion) { CText.write(key.region, into: $0) }
                withUnsafeMutableBytes(of: &slots[index].cmkKeyId) { CText.write(key.keyID, into: $0) }
                withUnsafeMutableBytes(of: &slots[index].dataKey) { CText.write(key.ciphertext, into: $0) }
            }
        }
        head.pointee.blockType = blockLength == nil ? WITHOUT_BLOCK : WITH_BLOCK
        head.pointee.blockLength = blockLength.map { CInt(clamping: $0) } ?? 0
    }
}

/// What is measured.
enum Operation: CaseIterable {
    case ecb, ctr, cbcEncryption, cbcLanes, cbcDecryption, gcm, gcmOpening, sm3

    var title: String {
        switch self {
        case .ecb: "ECB"
        case .ctr: "CTR"
        case .cbcEncryption: "CBC encryption of one text"
        case .cbcLanes: "CBC encryption of 16 texts side by side, sizes of all together"
        case .cbcDecryption: "CBC decryption"
        case .gcm: "GCM encryption"
        case .gcmOpening: "GCM decryption, authenticated before it is decrypted"
        case .sm3: "SM3"
        }
    }

    /// OpenSSL 3.0 has no SM4-GCM.
    var libraries: [Subject] {
        switch self {
        case .ecb, .ctr, .cbcEncryption, .cbcLanes, .cbcDecryption, .sm3: [.openSSL, .libgcrypt]
        case .gcm, .gcmOpening: [.libgcrypt]
        }
    }
}

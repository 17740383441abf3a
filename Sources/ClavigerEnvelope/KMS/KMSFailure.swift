/// Why one call for one master key did not give what it was made for.
package enum KMSFailure: Error, Hashable {
    /// The region has no address, or nobody answers there in time.
    case unreachable(String)
    /// The connection broke, or the server failed (HTTP 5xx), and once more when the call was repeated.
    case failed(String)
    /// The KMS refused.
    case refused(String)
    /// The answer says success, but is not what it should be.
    case unusable(String)
    /// The data key has another size than 16 bytes.
    case wrongDataKeySize
}

extension KMSFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason): "unreachable, \(reason)"
        case .failed(let reason): "failed, \(reason)"
        case .refused(let reason): "refused, \(reason)"
        case .unusable(let reason): "unusable answer, \(reason)"
        case .wrongDataKeySize: "a data key that is not of \(DataKey.size) bytes"
        }
    }
}

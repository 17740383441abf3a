import ClavigerAPI
import ClavigerCore
import ClavigerIdentity
import ClavigerSigning
import NIOHTTP1

/// Finds out whether a request is its sender's.
struct AlibabaAuthentication: Sendable {
    let clock: WallClock
    let nonces = NonceGuard(window: Alibaba.clockWindow)

    /// Verifies a request: time, signature, nonce.
    ///
    /// - Throws: InvalidTimeStamp.Format, `.requestExpired`, `.signatureMismatch` with the text that should have been signed, `.requestReplayed`.
    func verify(
        _ proof: AlibabaProof, _ asked: AlibabaRequest, of request: WireRequest, _ credential: Credential
    ) throws(KMSError) {
        guard let timestamp = AlibabaTimestamp.seconds(of: proof.date) else {
            throw KMSError(alibaba: .timestampFormat, "the time is written as YYYY-MM-DDThh:mm:ssZ, in UTC")
        }
        let now = clock.now.seconds
        guard abs(timestamp - now) <= Alibaba.clockWindow else {
            throw KMSError(
                .requestExpired, "the time is more than \(Alibaba.clockWindow) seconds off the server's clock")
        }
        switch proof.signature {
        case .parameters(let signature):
            let text = AlibabaRPC.stringToSign(method: request.method.rawValue, parameters: asked.values.all)
            guard AlibabaRPC.isSignature(signature, of: text, secret: credential.secret) else {
                throw Self.mismatch(text)
            }
        case .headers(let authorization): try verify(authorization, asked, of: request, credential)
        }
        guard let nonce = proof.nonce else { return }
        let isNew = nonces.accept(accessKeyID: proof.accessKeyID, timestamp: timestamp, nonce: nonce, now: now)
        guard isNew else { throw KMSError(.requestReplayed, "the nonce was used before") }
    }

    private func verify(
        _ authorization: ACS3Authorization, _ asked: AlibabaRequest, of request: WireRequest, _ credential: Credential
    ) throws(KMSError) {
        func header(_ name: ArraySlice<UInt8>) -> String? {
            var value: String?
            for (field, found) in request.headers where field.isHeader(name) {
                if value != nil { return nil }
                value = found
            }
            return value
        }
        let canonical = ACS3.canonicalRequest(
            method: request.method.rawValue, query: asked.query.map { ($0.name, $0.value) },
            signedNames: authorization.signedNames, header: header)
        guard let canonical else {
            throw KMSError(.malformedSignature, "a header that is signed is missing, or given twice")
        }
        let text = ACS3.stringToSign(canonicalRequest: canonical)
        guard authorization.isSignature(of: text, secret: credential.secret),
            ACS3.isHash(header(Array(ACS3.contentHashName.utf8)[...]), of: request.body)
        else { throw Self.mismatch(text) }
    }

    /// The older SDK takes what stands between the first two colons for the text that the server has signed, and tells by it whether only the
    /// secret is wrong.
    private static func mismatch(_ stringToSign: [UInt8]) -> KMSError {
        let text =
            stringToSign.count <= longestText
            ? String(decoding: stringToSign, as: UTF8.self) : "(a text of \(stringToSign.count) bytes)"
        return KMSError(
            .signatureMismatch,
            "Specified signature is not matched with our calculation. server string to sign is:\(text)")
    }

    /// Bytes of the longest text that is sent back to whoever knows an AccessKey id; those of the SDKs, which sign values of secrets in queries, have half as much.
    private static let longestText = 256 << 10
}

import ClavigerCrypto
import ClavigerSigning

/// The four actions of the KMS that the SDK uses (API version 2019-01-18).
///
/// Every call blocks its thread, at most for ten seconds.
package struct KMSService: Sendable {
    /// How long a call takes at most, with its retry.
    package static let callLimit = Duration.seconds(10)

    let clock: KMSClock
    private let transport: any KMSTransport
    private let address: @Sendable () throws(EnvelopeError) -> KMSAddress

    /// - Parameter address: where the KMS is, asked for each call, or why that is not known.
    package init(
        transport: any KMSTransport = CurlTransport.shared,
        clock: KMSClock = .system,
        address: @escaping @Sendable () throws(EnvelopeError) -> KMSAddress
    ) {
        self.transport = transport
        self.clock = clock
        self.address = address
    }

    package init(
        address: KMSAddress, transport: any KMSTransport = CurlTransport.shared, clock: KMSClock = .system
    ) {
        self.init(transport: transport, clock: clock) { () throws(EnvelopeError) in address }
    }

    /// Asks whether the KMS is enabled for the account, in the ultimate edition.
    ///
    /// - Throws: ``EnvelopeError/Code/serviceNotEnabled``, ``EnvelopeError/Code/wrongEdition``, or
    ///   ``EnvelopeError/Code/invalidArgument`` if the KMS cannot be reached or refuses to tell.
    package func checkStatus(region: String, credentials: KMSCredentials) throws(EnvelopeError) {
        let level: [UInt8]?
        do throws(KMSFailure) {
            level = try call(.getServiceStatus, region: region, credentials: credentials, capacity: 16) { _ in
            } reading: { response throws(KMSFailure) in
                guard case .bool(let isEnabled) = response["ServiceEnabled"] else {
                    throw .unusable("ServiceEnabled is missing")
                }
                // An account without the service has no edition of it.
                guard isEnabled else { return nil }
                guard case .number(let level) = response["UserLevel"] else { throw .unusable("UserLevel is missing") }
                return Array(level)
            }
        } catch {
            throw EnvelopeError(.invalidArgument, "the KMS did not tell its status: \(error)")
        }
        guard let level else {
            throw EnvelopeError(.serviceNotEnabled, "the KMS is not enabled for this account")
        }
        guard level.elementsEqual("1".utf8) else {
            throw EnvelopeError(.wrongEdition, "the account has not the ultimate edition of the KMS")
        }
    }

    /// Lets the KMS make a data key.
    func generateDataKey(
        under masterKey: MasterKey, context: String, credentials: KMSCredentials
    ) throws(KMSFailure) -> (plaintext: KeyMaterial, wrapped: EncryptedDataKey) {
        try call(
            .generateDataKey, region: masterKey.region, credentials: credentials, capacity: 128 + 6 * context.utf8.count
        ) { request in
            request.member("KeyId", masterKey.keyID)
            request.member("KeySpec", "AES_128")
            Self.write(context: context, to: &request)
        } reading: { response throws(KMSFailure) in
            // The key first: whatever else is wrong with the answer, it is wiped in it.
            let dataKey = try Self.dataKey(in: response)
            return (dataKey, masterKey.wrapping(try Self.ciphertext(in: response)))
        }
    }

    /// Lets the KMS encrypt a data key that it made under another master key.
    func encrypt(
        _ dataKey: KeyMaterial, under masterKey: MasterKey, context: String, credentials: KMSCredentials
    ) throws(KMSFailure) -> EncryptedDataKey {
        try call(
            .encrypt, region: masterKey.region, credentials: credentials, capacity: 192 + 6 * context.utf8.count
        ) { request in
            request.member("KeyId", masterKey.keyID)
            request.name("Plaintext")
            dataKey.withUnsafeBytes { request.base64($0) }
            Self.write(context: context, to: &request)
        } reading: { response throws(KMSFailure) in
            masterKey.wrapping(try Self.ciphertext(in: response))
        }
    }

    /// Lets the KMS decrypt a data key.
    func decrypt(
        _ wrapped: EncryptedDataKey, context: String, credentials: KMSCredentials
    ) throws(KMSFailure) -> KeyMaterial {
        try call(
            .decrypt, region: wrapped.region, credentials: credentials,
            capacity: 128 + 6 * (wrapped.ciphertext.utf8.count + context.utf8.count)
        ) { request in
            request.member("CiphertextBlob", wrapped.ciphertext)
            Self.write(context: context, to: &request)
        } reading: { response throws(KMSFailure) in
            try Self.dataKey(in: response)
        }
    }
}

// MARK: Requests and answers

extension KMSService {
    private enum Action: String {
        case getServiceStatus = "GetServiceStatus"
        case generateDataKey = "GenerateDataKey"
        case encrypt = "Encrypt"
        case decrypt = "Decrypt"
    }

    private static let mediaType = "application/json"
    private static let longestErrorCode = 64

    /// Makes one call.
    ///
    /// - Parameters:
    ///   - capacity: room for the request's members. A buffer that grew would leave what it held in memory that it gave back.
    ///   - reading: is given `Response` of an answer that says success.
    private func call<Value>(
        _ action: Action, region: String, credentials: KMSCredentials, capacity: Int,
        members: (inout JSONWriter) -> Void,
        reading: (JSONValue) throws(KMSFailure) -> Value
    ) throws(KMSFailure) -> Value {
        let endpoint = try endpoint(for: region)
        let body = Self.request(capacity: capacity, members: members)
        let answer = try answer(to: action, body, at: endpoint, region: region, credentials: credentials)
        guard answer.status < 500 else { throw .failed("HTTP status \(answer.status)") }
        let isSuccess = 200..<300 ~= answer.status

        return try answer.body.withBytes { text throws(KMSFailure) in
            guard let response = (try? JSONParser.parse(text))?["Response"], case .object = response else {
                throw isSuccess
                    ? .unusable("it is no JSON object with a Response") : .refused("HTTP status \(answer.status)")
            }
            if let error = response["Error"] { throw .refused(Self.code(of: error)) }
            guard isSuccess else { throw .refused("HTTP status \(answer.status)") }
            return try reading(response)
        }
    }

    private func endpoint(for region: String) throws(KMSFailure) -> KMSEndpoint {
        let known: KMSAddress
        do throws(EnvelopeError) { known = try address() } catch { throw .unreachable(error.message) }
        guard let endpoint = known.endpoint(for: region) else { throw .unreachable("the region has no address") }
        return endpoint
    }

    private static func request(capacity: Int, members: (inout JSONWriter) -> Void) -> WipedBytes {
        var writer = JSONWriter(capacity: capacity)
        writer.object(members)
        return WipedBytes(writer.bytes)
    }

    /// Posts the request, and once more if the connection broke or the server failed.
    private func answer(
        to action: Action, _ body: WipedBytes, at endpoint: KMSEndpoint, region: String, credentials: KMSCredentials
    ) throws(KMSFailure) -> KMSAnswer {
        let beginning = clock.elapsed()
        var isRetry = false
        while true {
            let left = Self.callLimit - (clock.elapsed() - beginning)
            // Signed anew each time: the retry has a moment of its own.
            let headers = headers(for: action, body, at: endpoint, region: region, credentials: credentials)
            do throws(KMSTransportError) {
                let answer = try body.withBytes { body throws(KMSTransportError) in
                    try body.withBytes { body throws(KMSTransportError) in
                        try transport.post(body, to: endpoint, headers: headers, timeout: left, isRetry: isRetry)
                    }
                }
                if answer.status < 500 || isRetry || isOver(since: beginning) { return answer }
            } catch {
                guard error.isBrokenConnection else { throw .unreachable(error.message) }
                if isRetry || isOver(since: beginning) { throw .failed(error.message) }
            }
            isRetry = true
        }
    }

    private func isOver(since beginning: Duration) -> Bool { clock.elapsed() - beginning >= Self.callLimit }

    private func headers(
        for action: Action, _ body: WipedBytes, at endpoint: KMSEndpoint, region: String, credentials: KMSCredentials
    ) -> [(name: String, value: String)] {
        let timestamp = clock.secondsSince1970()
        let authorization = body.withBytes { body in
            TC3Authorization.header(
                for: TC3.Request(method: "POST", query: [], timestamp: timestamp, payload: body[...]),
                accessKeyID: credentials.secretID, secret: credentials.secretKey, service: "kms",
                headers: ["content-type": Self.mediaType, "host": endpoint.host])
        }
        return [
            ("Content-Type", Self.mediaType), ("Host", endpoint.host), ("X-TC-Action", action.rawValue),
            ("X-TC-Version", "2019-01-18"), ("X-TC-Timestamp", String(timestamp)), ("X-TC-Region", region),
            ("Authorization", authorization),
        ]
    }

    private static func write(context: String, to request: inout JSONWriter) {
        if !context.isEmpty { request.member("EncryptionContext", context) }
    }

    /// `Plaintext` of an answer, which is wiped in it.
    private static func dataKey(in response: JSONValue) throws(KMSFailure) -> KeyMaterial {
        guard case .string(let text) = response["Plaintext"] else { throw .unusable("Plaintext is missing") }
        // The parser has made a copy of its own if there were escapes in it.
        defer { WipedBytes.wipe(text) }
        let dataKey: KeyMaterial? = text.withUnsafeBytes { characters in
            guard let count = Base64.decodedCount(characters) else { return nil }
            return try? KeyMaterial(count: count) { bytes throws(CryptoError) in
                try Base64.decode(characters, into: bytes)
            }
        }
        guard let dataKey else { throw .unusable("Plaintext is not base64") }
        guard dataKey.count == DataKey.size else { throw .wrongDataKeySize }
        return dataKey
    }

    private static func ciphertext(in response: JSONValue) throws(KMSFailure) -> String {
        guard case .string(let text) = response["CiphertextBlob"] else { throw .unusable("CiphertextBlob is missing") }
        guard 1...EncryptedDataKey.maximumCiphertextSize ~= text.count, !text.contains(0) else {
            throw .unusable("CiphertextBlob has not 1 to \(EncryptedDataKey.maximumCiphertextSize) characters")
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The code of an error that the KMS gave, if it is one that can be shown.
    private static func code(of error: JSONValue) -> String {
        guard case .string(let code) = error["Code"], 1...longestErrorCode ~= code.count,
            code.allSatisfy(AddressTemplate.isNameCharacter)
        else { return "without a reason" }
        return String(decoding: code, as: UTF8.self)
    }
}

extension MasterKey {
    fileprivate func wrapping(_ ciphertext: String) -> EncryptedDataKey {
        EncryptedDataKey(region: region, keyID: keyID, ciphertext: ciphertext)
    }
}

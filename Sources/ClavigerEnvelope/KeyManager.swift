import ClavigerCrypto

/// Encrypts and decrypts messages with SM4 under data keys that a KMS protects.
///
/// Each message carries its data key, encrypted by up to five master keys: any one of them opens it. Data keys are cached within limits,
/// so that the KMS is asked now and then and not for every message; each message has keys of its own all the same, derived from the data
/// key. One manager serves several threads at once; when many of them need a new data key, one asks for it.
///
/// Calls block their thread while the KMS is asked: at most ten seconds for an answer, once more if the connection broke, and once for
/// every master key that fails. In asynchronous code call them from a thread of your own.
public final class KeyManager: Sendable {
    /// How long an encryption context may be, in bytes of UTF-8. The KMS takes 1,024 characters.
    public static let maximumContextSize = 2048

    /// The largest number of bytes that one block can have.
    public static let maximumBlockSize = Int(Int32.max)

    private static let random = RandomSource()

    private let dataKeys: DataKeys

    /// - Parameters:
    ///   - credentials: the access key with which the KMS is called.
    ///   - address: where the KMS of each region is.
    ///   - limits: how long data keys are used before the KMS is asked again.
    public convenience init(
        credentials: KMSCredentials, address: KMSAddress, limits: DataKeyLimits = .none
    ) {
        self.init(dataKeys: DataKeys(credentials: credentials, limits: limits, service: KMSService(address: address)))
    }

    package init(dataKeys: DataKeys) { self.dataKeys = dataKeys }

    /// Wipes all cached data keys; the next message has a new one.
    public func wipeCaches() { dataKeys.wipe() }

    /// Asks the KMS whether it is enabled for the account, in the edition that the SDK needs.
    ///
    /// - Throws: ``EnvelopeError/Code/serviceNotEnabled``, ``EnvelopeError/Code/wrongEdition``, or
    ///   ``EnvelopeError/Code/invalidArgument`` if the KMS cannot be reached or refuses to tell.
    public static func checkService(
        region: String, credentials: KMSCredentials, address: KMSAddress
    ) throws(EnvelopeError) {
        try KMSService(address: address).checkStatus(region: region, credentials: credentials)
    }
}

// MARK: Encrypting

extension KeyManager {
    /// Encrypts `plaintext` into a message.
    ///
    /// - Parameters:
    ///   - plaintext: at least one byte.
    ///   - masterKeys: 1 to 5. The first that can generates the data key; each of the others that can encrypts it as well.
    ///   - algorithm: how the message is encrypted.
    ///   - context: a JSON object, or empty. It is stored in clear, and bound to the data key: who decrypts must not change it.
    ///   - blockSize: 0, or how many bytes of plaintext are encrypted at a time, 1 to 2,147,483,647. Blocks cost 16 bytes each in modes
    ///     other than CTR, let CBC encryption run side by side, and let large messages be decrypted while they are read.
    /// - Throws: ``EnvelopeError``, by the codes of the C function `Encrypt`.
    public func encrypt(
        _ plaintext: [UInt8],
        under masterKeys: [MasterKey],
        algorithm: EnvelopeAlgorithm = .sm4GCM,
        context: String = "",
        blockSize: Int = 0
    ) throws(EnvelopeError) -> EncryptedMessage {
        let outgoing = try begin(
            length: UInt64(plaintext.count), under: masterKeys, algorithm: algorithm, context: context,
            blockSize: blockSize)
        let size = try outgoing.size
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            plaintext.withUnsafeBytes { plaintext in
                outgoing.write(
                    plaintext,
                    into: UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size]))
            }
            initialized = size
        }
        return EncryptedMessage(bytes: bytes, header: outgoing.header)
    }

    /// Checks the arguments and gets a data key for one message of `length` bytes.
    package func begin(
        length: UInt64,
        under masterKeys: [MasterKey],
        algorithm: EnvelopeAlgorithm,
        context: String,
        blockSize: Int
    ) throws(EnvelopeError) -> OutgoingMessage {
        guard length > 0 else { throw EnvelopeError(.emptySource, "there is nothing to encrypt") }
        try Self.check(masterKeys: masterKeys, context: context, blockSize: blockSize)
        let dataKey = try dataKeys.forEncryption(under: masterKeys, context: context)
        let header = MessageHeader(
            algorithm: algorithm, encryptionContext: context, dataKeys: dataKey.wrapped,
            blockLength: blockSize == 0 ? nil : UInt64(blockSize),
            // Read from the kernel for this message: bytes that are kept ready would come twice after fork().
            messageID: Self.random.bytes(MessageHeader.messageIDSize), plaintextLength: length)
        return try OutgoingMessage(header, dataKey: dataKey.plaintext)
    }

    /// Checks what an encryption needs, without asking the KMS.
    package static func check(masterKeys: [MasterKey], context: String, blockSize: Int) throws(EnvelopeError) {
        guard !masterKeys.isEmpty else { throw EnvelopeError(.noMasterKey, "there is no master key") }
        guard masterKeys.count <= MasterKey.maximumCount else {
            throw EnvelopeError(.invalidArgument, "a message has at most \(MasterKey.maximumCount) master keys")
        }
        guard 0...maximumBlockSize ~= blockSize else {
            throw EnvelopeError(.invalidArgument, "a block has 1 to \(maximumBlockSize) bytes, or 0 for no blocks")
        }
        try check(context: context)
    }

    private static func check(context: String) throws(EnvelopeError) {
        guard !context.isEmpty else { return }
        guard context.utf8.count <= maximumContextSize else {
            throw EnvelopeError(
                .invalidArgument, "an encryption context has at most \(maximumContextSize) bytes")
        }
        // It is passed on as it is written; what else is wrong with it is for the KMS to say.
        guard JSONGrammar.isObject(context) else {
            throw EnvelopeError(.invalidArgument, "an encryption context is a JSON object")
        }
    }
}

// MARK: Decrypting

extension KeyManager {
    /// Decrypts a message.
    ///
    /// The message itself says by what algorithm it is encrypted. Whoever changes that to one that does not authenticate lets nonsense come
    /// out, without an error; a program that only reads messages that authenticate accepts no others.
    ///
    /// - Parameters:
    ///   - message: all of it, and nothing behind it.
    ///   - algorithms: by which of them it may be encrypted.
    /// - Throws: ``EnvelopeError``, by the codes of the C function `Decrypt`; ``EnvelopeError/Code/algorithmNotAccepted``, before the KMS
    ///   is asked for anything.
    public func decrypt(
        _ message: [UInt8], accepting algorithms: [EnvelopeAlgorithm] = EnvelopeAlgorithm.all
    ) throws(EnvelopeError) -> DecryptedMessage {
        try message.withBytes { message throws(EnvelopeError) in
            let incoming = try IncomingMessage(message)
            try Self.check(incoming.header.algorithm, isAmong: algorithms)
            var failure: EnvelopeError?
            let plaintext = [UInt8](unsafeUninitializedCapacity: incoming.plaintextLength) { buffer, initialized in
                do throws(EnvelopeError) {
                    try open(
                        incoming,
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(buffer)[..<incoming.plaintextLength]))
                    initialized = incoming.plaintextLength
                } catch {
                    // What was decrypted before the padding turned out to be wrong.
                    LockedMemory.wipe(UnsafeMutableRawBufferPointer(buffer))
                    failure = error
                    initialized = 0
                }
            }
            if let failure { throw failure }
            return DecryptedMessage(plaintext: plaintext, header: incoming.header)
        }
    }

    /// Writes the plaintext of a message, exactly as many bytes as its header says. Nothing of a message that authenticates is written
    /// before it is found to be authentic.
    package func open(
        _ message: IncomingMessage, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) {
        let cipher = try cipher(for: message.header, headerBytes: message.headerBytes)
        try cipher.open(message.rest, into: plaintext)
    }

    static func check(
        _ algorithm: EnvelopeAlgorithm, isAmong algorithms: [EnvelopeAlgorithm]
    ) throws(EnvelopeError) {
        guard algorithms.contains(algorithm) else {
            throw EnvelopeError(
                .algorithmNotAccepted, "the message is encrypted by \(algorithm), which is not accepted")
        }
    }

    /// The cipher of a message that was received, whose data key the KMS decrypts unless it is known.
    package func cipher(
        for header: MessageHeader, headerBytes: [UInt8]
    ) throws(EnvelopeError) -> MessageCipher {
        let dataKey = try dataKeys.forDecryption(header.dataKeys, context: header.encryptionContext)
        return try MessageCipher(header, headerBytes: headerBytes, dataKey: dataKey)
    }
}

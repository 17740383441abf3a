/// Why something could not be done.
public struct EnvelopeError: Error, Hashable, Sendable {
    /// The kind of an error. There may be more in later versions.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number that the C functions return (`EncSdkErrorCode`).
        public let rawValue: Int32

        /// A code by its number, known here or not.
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// A wrong argument; the KMS could not be asked for its status or refused to tell; bad padding.
        public static let invalidArgument = Code(rawValue: -1)
        /// There is nothing to encrypt.
        public static let emptySource = Code(rawValue: -2)
        /// There is no master key.
        public static let noMasterKey = Code(rawValue: -3)
        /// There is no such algorithm.
        public static let unknownAlgorithm = Code(rawValue: -4)
        /// No master key could generate a data key.
        public static let dataKeyNotGenerated = Code(rawValue: -5)
        /// What the KMS gave for a data key that it was to encrypt cannot be used.
        public static let dataKeyNotEncrypted = Code(rawValue: -6)
        /// The header would be longer than 65,536 bytes.
        public static let headerTooLarge = Code(rawValue: -7)
        /// The message ends before its header says.
        public static let messageTooShort = Code(rawValue: -8)
        /// This is no message.
        public static let notAMessage = Code(rawValue: -9)
        /// The header is malformed, or there are bytes behind the message.
        public static let malformedMessage = Code(rawValue: -10)
        /// No master key could decrypt the data key.
        public static let dataKeyNotDecrypted = Code(rawValue: -11)
        /// The KMS gave a data key of a wrong size.
        public static let wrongDataKeySize = Code(rawValue: -12)
        /// The signature or a tag is not that of the message.
        public static let notAuthentic = Code(rawValue: -13)
        /// There is not enough memory.
        public static let outOfMemory = Code(rawValue: -14)
        /// The KMS is not enabled for this account.
        public static let serviceNotEnabled = Code(rawValue: -15)
        /// The account has not the edition of the KMS that the SDK needs.
        public static let wrongEdition = Code(rawValue: -16)
        /// Reading or writing failed. No C function returns it.
        public static let inputOutput = Code(rawValue: -100)
        /// The progress callback asked to stop. No C function returns it.
        public static let cancelled = Code(rawValue: -101)
        /// The message is encrypted by an algorithm that the caller does not accept. No C function returns it.
        public static let algorithmNotAccepted = Code(rawValue: -102)
    }

    /// The kind of the error.
    public let code: Code

    /// What was wrong, in lower case without a full stop. It quotes no secret.
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension EnvelopeError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

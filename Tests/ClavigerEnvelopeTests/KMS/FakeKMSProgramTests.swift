import ClavigerCrypto
import Foundation
import Testing

@testable import ClavigerEnvelope

/// Against a stand-in for the KMS that somebody else wrote and that checks signatures itself: `fake_kms.py` of the acceptance programs,
/// whose path the environment variable names.
@Suite(.timeLimit(.minutes(20))) struct FakeKMSProgramTests {
    private static let path = ProcessInfo.processInfo.environment["CLAVIGER_FAKE_KMS_PROGRAM"]
    private static let region = "ap-guangzhou"

    private final class Program {
        let address: KMSAddress
        let credentials: KMSCredentials
        let masterKeys: [MasterKey]
        private let process = Process()

        init() throws {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", path ?? ""]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            var lines = ""
            while !lines.contains("CLAVIGER_FAKE_KMS="),
                let bytes = try output.fileHandleForReading.read(upToCount: 1), !bytes.isEmpty
            {
                lines += String(decoding: bytes, as: UTF8.self)
            }
            var values: [Substring: String] = [:]
            for line in lines.split(separator: "\n") {
                let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
                if parts.count == 2 { values[parts[0]] = String(parts[1]) }
            }
            address = try KMSAddress(values["CLAVIGER_URL"] ?? "")
            credentials = try KMSCredentials(
                secretID: values["CLAVIGER_ACCESS_ID"] ?? "", secretKey: values["CLAVIGER_ACCESS_KEY"] ?? "")
            masterKeys = try ["CLAVIGER_CMK_1", "CLAVIGER_CMK_2"].map {
                try MasterKey(region: region, keyID: values[$0] ?? "")
            }
        }

        deinit {
            // The program may have inherited that it takes no other signal.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    @Test(.enabled(if: path != nil), arguments: ["", #"{"name":"test"}"#, "{\"\u{540d}\":\"\\u00e9 \\\" /\"}"])
    func `Data keys come back from either master key`(_ context: String) throws {
        let program = try Program()
        let service = KMSService(address: program.address)
        try service.checkStatus(region: Self.region, credentials: program.credentials)
        let limits = try DataKeyLimits(messagesPerKey: 1)
        let keys = DataKeys(credentials: program.credentials, limits: limits, service: service)
        for _ in 0..<3 {
            let key = try keys.forEncryption(under: program.masterKeys, context: context)
            #expect(key.wrapped.map(\.keyID) == program.masterKeys.map(\.keyID))
            for wrapped in key.wrapped {
                #expect(try keys.forDecryption([wrapped], context: context) == key.plaintext)
            }
            let error = #expect(throws: EnvelopeError.self) {
                try keys.forDecryption(key.wrapped, context: #"{"other":1}"#)
            }
            #expect(error?.code == .dataKeyNotDecrypted)
        }
    }

    @Test(.enabled(if: path != nil)) func `A wrong secret key is refused`() throws {
        let program = try Program()
        let credentials = try KMSCredentials(secretID: program.credentials.secretID, secretKey: "wrong")
        let service = KMSService(address: program.address)
        let error = #expect(throws: EnvelopeError.self) {
            try service.checkStatus(region: Self.region, credentials: credentials)
        }
        #expect(error?.message == "the KMS did not tell its status: refused, AuthFailure.SignatureFailure")
    }
}

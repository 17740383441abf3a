import ClavigerEnvelope
import Testing

@testable import claviger

@Suite struct FileAlgorithmTests {
    @Test func `Each algorithm of the library has a name`() {
        #expect(Set(FileAlgorithm.allCases.map(\.algorithm)) == Set(EnvelopeAlgorithm.all))
        for name in FileAlgorithm.allCases { #expect(FileAlgorithm(name.algorithm) == name) }
    }

    @Test(arguments: FileAlgorithm.allCases)
    func `A name says the mode, and whether there is a signature`(name: FileAlgorithm) {
        #expect(name.rawValue.hasSuffix("-signed") == name.algorithm.hasSignature)
        let mode = name.rawValue.split(separator: "-")[1].uppercased()
        #expect(name.algorithm.description.hasPrefix("SM4_\(mode)_128"))
    }

    @Test func `The usual one authenticates`() {
        #expect(FileAlgorithm.allCases.first == .gcm)
        #expect(FileAlgorithm.gcm.algorithm.isAuthenticated)
    }
}

import Testing

@testable import ClavigerCrypto

@Suite struct CryptoSelfTestTests {
    @Test func `The self-test passes`() throws {
        try CryptoSelfTest.run()
    }

    @Test func `A test with another answer fails and names itself`() {
        for (index, test) in CryptoSelfTest.tests.enumerated() {
            var tests = CryptoSelfTest.tests
            tests[index].answer[0] ^= 1
            #expect(throws: CryptoSelfTest.Failure(test: test.name)) { try CryptoSelfTest.run(tests) }
        }
    }

    @Test func `A test with another input fails and names itself`() {
        var changed = 0
        for (index, test) in CryptoSelfTest.tests.enumerated() where !test.input.isEmpty {
            for position in [0, test.input.count / 2, test.input.count - 1] {
                var tests = CryptoSelfTest.tests
                tests[index].input[position] ^= 1
                #expect(throws: CryptoSelfTest.Failure(test: test.name), "position \(position)") {
                    try CryptoSelfTest.run(tests)
                }
                changed += 1
            }
        }
        #expect(changed == 3 * 11)
    }

    @Test func `A test whose library refuses fails and names itself`() {
        let tests = [CryptoSelfTest.Test("nothing", [], gives: []) { _ throws(CryptoError) in throw .failed }]
        let failure = #expect(throws: CryptoSelfTest.Failure.self) { try CryptoSelfTest.run(tests) }
        #expect(failure.map { "\($0)" } == "the self-test of nothing failed")
    }

    @Test func `Every test has a name of its own`() {
        #expect(Set(CryptoSelfTest.tests.map(\.name)).count == CryptoSelfTest.tests.count)
    }
}

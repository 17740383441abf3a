import Foundation
import Testing

@testable import ClavigerServer

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `A date has the form of RFC 9110`(second: Int, text: String) {
        #expect(String(decoding: HTTPDate.format(second), as: UTF8.self) == text)
    }

    @Test func `The date is now`() {
        // `time` of the C library may be some milliseconds behind other clocks.
        let before = Int(Date().timeIntervalSince1970) - 1
        let text = HTTPDate().bytes
        let after = Int(Date().timeIntervalSince1970)
        #expect((before...after).contains { HTTPDate.format($0) == text })
    }
}

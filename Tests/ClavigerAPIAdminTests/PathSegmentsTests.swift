import ClavigerCore
import Testing

@testable import ClavigerAPIAdmin

@Suite struct PathSegmentsTests {
    @Test(arguments: [
        ("/users", ["users"]), ("/users/alice/password", ["users", "alice", "password"]),
        ("/users/a%40b", ["users", "a@b"]), ("/users/%e4%bd%a0%E5%A5%BD", ["users", "你好"]),
        ("/users/a%2Fb", ["users", "a/b"]), ("/users/a+b", ["users", "a+b"]), ("/users/%252F", ["users", "%2F"]),
        ("/..", [".."]),
    ])
    func `Each segment is decoded by itself`(path: String, segments: [String]) throws {
        #expect(try PathSegments.decode(Array(path.utf8)[...]) == segments)
    }

    @Test(arguments: ["", "/", "users", "//", "/users/", "/users//password", "//users"])
    func `A path with an empty segment is none`(path: String) throws {
        #expect(try PathSegments.decode(Array(path.utf8)[...]) == nil)
    }

    @Test(arguments: ["/%", "/%4", "/%zz", "/a%", "/users/%ff", "/%c3/%bc", "/%ED%A0%80"])
    func `A broken escape is refused`(path: String) {
        let error = #expect(throws: KMSError.self) { try PathSegments.decode(Array(path.utf8)[...]) }
        #expect(error?.code == .invalidParameter)
    }
}

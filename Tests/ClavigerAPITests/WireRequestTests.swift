import ClavigerAPI
import NIOHTTP1
import Testing

@Suite struct WireRequestTests {
    @Test(arguments: [
        ("/", "/", ""), ("/?", "/", ""), ("/?a=1", "/", "a=1"), ("/a/b?c?d", "/a/b", "c?d"), ("*", "*", ""),
        ("?a", "", "a"),
        ("", "", ""), ("/%3F?x", "/%3F", "x"),
    ])
    func `A target is split at its first question mark and not decoded`(target: String, path: String, query: String) {
        let request = WireRequest(
            method: .GET, target: target, headers: [:], body: [], bodyWasTooLarge: false, source: "test")
        #expect(request.path.elementsEqual(path.utf8))
        #expect(request.query.elementsEqual(query.utf8))
    }

    @Test(arguments: [
        ("http://h:7700/?a=1", "/", "a=1"), ("https://h/a?b", "/a", "b"), ("http://h", "/", ""),
        ("http://h?a=1", "/", "a=1"),
        ("/http://h/", "/http://h/", ""),
    ])
    func `A target in absolute form loses scheme and authority`(target: String, path: String, query: String) {
        let request = WireRequest(
            method: .GET, target: target, headers: [:], body: [], bodyWasTooLarge: false, source: "test")
        #expect(request.path.elementsEqual(path.utf8))
        #expect(request.query.elementsEqual(query.utf8))
    }
}

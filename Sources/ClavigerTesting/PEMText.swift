import ClavigerCrypto

/// A key as text (RFC 7468), read as strictly as the contract lets clients read it: 64 characters to a line, a line break at the end.
package struct PEMText {
    package let label: String
    package let content: [UInt8]

    package init?(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 4, lines.removeLast().isEmpty else { return nil }
        let first = lines.removeFirst()
        let last = lines.removeLast()
        guard first.hasPrefix("-----BEGIN "), first.hasSuffix("-----") else { return nil }
        label = String(first.dropFirst("-----BEGIN ".count).dropLast(5))
        guard last == "-----END \(label)-----" else { return nil }
        guard lines.dropLast().allSatisfy({ $0.utf8.count == 64 }), 1...64 ~= (lines.last?.utf8.count ?? 0),
            let content = try? Base64.decode(Array(lines.joined().utf8))
        else { return nil }
        self.content = content
    }
}

import ClavigerCore
import Testing

@Suite struct IPNetworkTests {
    @Test(arguments: [
        ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:207"], ["192.0.2.8", "::192.0.2.7"]),
        ("192.0.2.0/24", ["192.0.2.0", "192.0.2.255"], ["192.0.3.0", "2001:db8::1"]),
        ("192.0.2.77/24", ["192.0.2.1"], ["192.0.1.77"]),
        ("10.0.0.0/9", ["10.127.255.255"], ["10.128.0.0"]),
        ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], ["::", "2001:db8::1"]),
        ("2001:db8::/32", ["2001:db8::", "2001:0db8:ffff::1"], ["2001:db9::", "192.0.2.1"]),
        ("::/0", ["::", "2001:db8::1"], ["192.0.2.1", "::ffff:192.0.2.1"]),
        ("::1", ["::1", "0:0:0:0:0:0:0:1", "0::0.0.0.1"], ["::2"]),
        ("::ffff:192.0.2.0/120", ["192.0.2.9"], ["192.0.3.9"]),
        ("2001:db8:1:2:3:4:5:6/128", ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:0.5.0.6"], ["2001:db8:1:2:3:4:5:7"]),
        ("1:2:3:4:5:6:7::", ["1:2:3:4:5:6:7:0"], ["1:2:3:4:5:6:7:1"]),
        ("fe80::1:0/112", ["fe80::1:ffff"], ["fe80::2:0"]),
    ])
    func `A network has the addresses that begin with its bits`(
        text: String, inside: [String], outside: [String]
    ) throws {
        let network = try #require(IPNetwork(text))
        for address in inside {
            let address = try #require(IPAddress(address) as IPAddress?)
            #expect(network.contains(address), "\(address)")
        }
        for address in outside {
            let address = try #require(IPAddress(address) as IPAddress?)
            #expect(!network.contains(address), "\(address)")
        }
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2..4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/08",
        "1.2.3.4/-1", "1.2.3.4/1/2", " 1.2.3.4", "a.b.c.d", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "12345::", "g::", "::1%eth0", "[::1]", "::1/129", "1:2:3:4:5:6:7:8::", "1:2:3:4::5:6:7:8", "::ffff:1.2.3",
        "::ffff:1.2.3.4/95", "1.2.3.4::", ":1", "1:", "::1:",
    ])
    func `What is no address and no network is refused`(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.7:4711", "192.0.2.7"), ("2001:db8::1:4711", "2001:db8::1"), ("::ffff:192.0.2.7:1", "192.0.2.7"),
    ])
    func `The address of a caller stands before the last colon`(source: String, address: String) throws {
        let expected = try #require(IPAddress(address) as IPAddress?)
        #expect(IPAddress(source: source) == expected)
    }

    @Test(arguments: ["", "unix", "local:1", "192.0.2.7"])
    func `A caller without an address has none`(source: String) { #expect(IPAddress(source: source) == nil) }
}

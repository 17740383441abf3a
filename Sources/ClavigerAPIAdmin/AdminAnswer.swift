import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// The members of a successful answer, besides `requestId`; also an object within such.
protocol AdminAnswer: Sendable {
    /// What the OpenAPI document calls it.
    static var schemaName: String { get }

    /// Every member that it can have: what the OpenAPI document says of it, and what the tests hold answers to.
    static var fields: [Parameter] { get }

    func encode(to json: inout JSONWriter)

    /// What the call made, for the audit event.
    var madeResources: [String] { get }

    /// Whom the call turned out to come from, where that is what it found out.
    var principal: Principal? { get }

    /// A whole body that takes the members' place.
    var document: [UInt8]? { get }
}

extension AdminAnswer {
    static var schemaName: String { String(describing: Self.self) }
    var madeResources: [String] { [] }
    var principal: Principal? { nil }
    var document: [UInt8]? { nil }
}

/// An answer without members of its own.
struct Done: AdminAnswer {
    static let fields: [Parameter] = []

    func encode(to json: inout JSONWriter) {}
}

/// A part of a list.
struct PageAnswer<Item: AdminAnswer>: AdminAnswer {
    static var schemaName: String { "\(Item.schemaName)Page" }

    static var fields: [Parameter] {
        [
            .required("items", .list(.object(Item.fields)), "in the order of the list"),
            .optional("next", .string, "what to ask for as `after` to see more; absent at the end"),
        ]
    }

    let items: [Item]
    let next: String?

    /// - Parameter next: where the rest of the list begins, if there is a rest.
    init(_ items: [Item], next: String? = nil) {
        self.items = items
        self.next = next
    }

    init<Source>(_ page: ClavigerIdentity.Page<Source>, _ item: (Source) -> Item) {
        self.init(page.items.map(item), next: page.next)
    }

    func encode(to json: inout JSONWriter) {
        json.name("items")
        json.array(items) { json, item in json.object { item.encode(to: &$0) } }
        if let next { json.member("next", next) }
    }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ moment: Timestamp) { member(name, moment.iso8601) }

    mutating func member(_ name: StaticString, _ answer: some AdminAnswer) {
        self.name(name)
        object { answer.encode(to: &$0) }
    }

    mutating func member(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        array(texts) { $0.string($1) }
    }

    /// A member that may be secret.
    mutating func member(_ name: StaticString, _ secret: KeyMaterial) {
        self.name(name)
        secret.withUnsafeBytes { string($0) }
    }
}

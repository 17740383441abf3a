import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

extension TokenRequest {
    /// Reads the body of `POST /v3/auth/tokens` (contract, section 2.1).
    ///
    /// - Throws: `.invalidParameter` for what is no such body.
    init(body: [UInt8]) throws(KMSError) {
        let root: JSONValue
        do throws(JSONParser.Failure) {
            root = try JSONParser.parse(body)
        } catch {
            throw KMSError(.invalidParameter, "the body is no JSON: \(error.reason) at byte \(error.offset)")
        }
        let auth = try Self.object(root["auth"], "auth")
        let identity = try Self.object(auth["identity"], "auth.identity")
        guard identity["methods"] == .array([.string(ArraySlice("password".utf8))]) else {
            throw KMSError(.invalidParameter, "auth.identity.methods is [\"password\"]")
        }
        let password = try Self.object(identity["password"], "auth.identity.password")
        let user = try Self.object(password["user"], "auth.identity.password.user")
        guard case .string(let secret) = user["password"] else {
            throw KMSError(.invalidParameter, "auth.identity.password.user.password is a string")
        }
        self.init(
            user: try Self.user(user), password: KeyMaterial(secret), scope: try Self.scope(Self.present(auth["scope"]))
        )
    }

    private static func user(_ user: JSONValue) throws(KMSError) -> User {
        let path = "auth.identity.password.user"
        switch try reference(user, path) {
        case .id(let id): return .id(id)
        case .name(let name):
            let domain = try object(user["domain"], "\(path).domain")
            return .name(name, domain: try reference(domain, "\(path).domain"))
        }
    }

    private static func scope(_ scope: JSONValue?) throws(KMSError) -> Scope {
        guard let scope else { return .unscoped }
        let path = "auth.scope"
        _ = try object(scope, path)
        switch (present(scope["project"]), present(scope["domain"])) {
        case (let project?, nil):
            return .project(try reference(try object(project, "\(path).project"), "\(path).project"))
        case (nil, let domain?): return .domain(try reference(try object(domain, "\(path).domain"), "\(path).domain"))
        case (nil, nil), (_?, _?): throw KMSError(.invalidParameter, "\(path) is a project or a domain")
        }
    }

    /// What is meant by `id`, or by `name` if there is none.
    private static func reference(_ value: JSONValue, _ path: String) throws(KMSError) -> Reference {
        for (member, make) in [("id", Reference.id), ("name", Reference.name)] {
            guard let found = present(value[member]) else { continue }
            guard case .string(let text) = found else {
                throw KMSError(.invalidParameter, "\(path).\(member) is a string")
            }
            return make(String(decoding: text, as: UTF8.self))
        }
        throw KMSError(.invalidParameter, "\(path) has a name or an id")
    }

    private static func object(_ value: JSONValue?, _ path: String) throws(KMSError) -> JSONValue {
        guard case .object(let members) = value else { throw KMSError(.invalidParameter, "\(path) is an object") }
        return .object(members)
    }

    private static func present(_ value: JSONValue?) -> JSONValue? { value == .null ? nil : value }
}

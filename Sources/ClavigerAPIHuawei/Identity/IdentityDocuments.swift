import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerSigning

/// What the identity service tells of tokens, projects and domains.
struct IdentityDocuments: Sendable {
    /// The address by which the client came, such as `http://127.0.0.1:7700`.
    let origin: String
    let realms: [Realm]

    // MARK: tokens

    /// - Parameter hasCatalog: whether the services that the token is good for are told.
    func token(_ token: IssuedToken, hasCatalog: Bool) -> JSONWriter {
        var json = JSONWriter(capacity: 1024)
        json.object { json in
            json.name("token")
            json.object { json in
                json.name("methods")
                json.array(["password"]) { $0.string($1) }
                json.member("issued_at", token.issuedAt.keystone)
                json.member("expires_at", token.expiry.keystone)
                json.name("user")
                json.object { json in
                    json.member("id", token.identity.id)
                    json.member("name", token.identity.name)
                    json.name("domain")
                    write(domain: token.account, to: &json)
                    json.member("password_expires_at", "")
                }
                if let project = token.project {
                    json.name("project")
                    json.object { json in
                        json.member("id", project.id)
                        json.member("name", project.name)
                        json.name("domain")
                        write(domain: token.account, to: &json)
                    }
                } else {
                    json.name("domain")
                    write(domain: token.account, to: &json)
                }
                json.name("roles")
                // What users may do is said by policies, which are no roles; the root of an account may do everything.
                json.array(token.identity.isRoot ? ["te_admin"] : []) { json, role in
                    json.object { json in
                        json.member("id", "0")
                        json.member("name", role)
                    }
                }
                guard hasCatalog else { return }
                json.name("catalog")
                json.array(services(for: token.project)) { $0.service($1) }
            }
        }
        return json
    }

    private func write(domain account: Account, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", account.domainID)
            json.member("name", account.domainName)
        }
    }

    fileprivate struct Service {
        let type: String
        let id: String
        let url: String
        let region: String
    }

    private func services(for project: Project?) -> [Service] {
        let identity = Service(type: "identity", id: "0", url: "\(origin)/v3", region: "*")
        guard let project else { return [identity] }
        let names = realms.first { $0.id == project.realm }?.huaweiNames ?? []
        // Clients look for the region that they are set up for, if the project has its name.
        let region = names.first { $0 == project.name } ?? names.first ?? project.realm.name
        return [
            Service(type: "kms", id: project.id, url: "\(origin)/v1.0/\(project.id)", region: region), identity,
        ]
    }

    // MARK: projects and domains

    /// - Parameter path: the one that was asked at.
    func projects(_ projects: [Project], of account: Account, path: String) -> JSONWriter {
        var json = JSONWriter(capacity: 1024)
        json.object { json in
            json.name("projects")
            json.array(projects) { json, project in
                json.object { json in
                    json.member("id", project.id)
                    json.member("name", project.name)
                    json.member("domain_id", account.domainID)
                    json.member("parent_id", account.domainID)
                    json.member("is_domain", false)
                    json.member("enabled", true)
                    json.member("description", "")
                    json.name("links")
                    links("/v3/projects/\(project.id)", to: &json)
                }
            }
            json.name("links")
            links(path, to: &json)
        }
        return json
    }

    func domains(_ account: Account, path: String) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.name("domains")
            json.array([account]) { json, account in
                json.object { json in
                    json.member("id", account.domainID)
                    json.member("name", account.domainName)
                    json.member("enabled", account.isEnabled)
                    json.member("description", "")
                    json.name("links")
                    links("/v3/domains/\(account.domainID)", to: &json)
                }
            }
            json.name("links")
            links(path, to: &json)
        }
        return json
    }

    private func links(_ path: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("self", origin + path)
            json.name("next")
            json.null()
            json.name("previous")
            json.null()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func service(_ service: IdentityDocuments.Service) {
        object { json in
            json.member("type", service.type)
            json.member("id", service.id)
            json.member("name", service.type == "kms" ? "kms" : "iam")
            json.name("endpoints")
            json.array([service]) { json, service in
                json.object { json in
                    json.member("id", service.id)
                    json.member("url", service.url)
                    json.member("region", service.region)
                    json.member("region_id", service.region)
                    json.member("interface", "public")
                }
            }
        }
    }
}

extension Timestamp {
    /// The moment as in `2024-01-02T03:04:05.000000Z`.
    fileprivate var keystone: String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let second = seconds % 86400
        let date = String(decoding: TC3.date(of: seconds), as: UTF8.self)
        return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)).000000Z"
    }
}

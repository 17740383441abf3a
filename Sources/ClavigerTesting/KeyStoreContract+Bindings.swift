import ClavigerCore
import Testing

extension KeyStoreContract {
    static let bindings: [Check] = [
        Check("A resource is bound once, however often it is said") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            for expected in [1, 1] {
                let changed = try await store.change([key.id], in: scope) { _ in [.bind(cosBucket), .bind(cosBucket)] }
                #expect(changed.map(\.bindingCount) == [expected])
            }
            let unbound = try await store.change([key.id], in: scope) { _ in [.unbind(cosBucket)] }
            #expect(unbound.map(\.bindingCount) == [0])
        },
        Check("Bindings are counted wherever the key is read, and outlive other changes") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope, bindingCount: 7) }
            try await store.insert(keys)
            #expect(try await store.keys(keys.map(\.id), in: scope).map(\.bindingCount) == [0, 0])
            _ = try await store.change([keys[0].id], in: scope) { _ in [.bind(cosBucket), .bind(cbsDisk)] }
            let updated = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "renamed \(key.primaryName)"))
                try key.enableRotation(every: .days(1), from: SampleKey.moment)
            }
            #expect(updated.map(\.bindingCount) == [2, 0])
            #expect(try await store.keys(keys.map(\.id), in: scope) == updated)
            #expect(try await store.key(keys[0].id) == updated[0])
            #expect(try await store.keyWithVersions(keys[0].id)?.key == updated[0])
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).keys == updated.reversed())
            await expect(.keyInUse) {
                _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in try key.disable() }
            }
        },
        Check("A binding is one of a product, a resource and a key, in every byte") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            let bindings = [("cos", "a"), ("cos", "A"), ("Cos", "a"), ("cos", "\u{e9}"), ("cos", "e\u{301}"), ("", "")]
                .map { ResourceBinding(product: $0.0, resource: $0.1) }
            let changed = try await store.change([keys[0].id], in: scope) { _ in bindings.map { .bind($0) } }
            #expect(changed.map(\.bindingCount) == [bindings.count])
            #expect(try await store.key(keys[1].id)?.bindingCount == 0)
            for (number, binding) in bindings.enumerated() {
                await expect(.bindingNotFound) {
                    _ = try await store.change([keys[1].id], in: scope) { _ in [.unbind(binding)] }
                }
                let changed = try await store.change([keys[0].id], in: scope) { _ in [.unbind(binding)] }
                #expect(changed.map(\.bindingCount) == [bindings.count - number - 1])
            }
        },
        Check("A binding that is not there is named, and nothing is changed") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            _ = try await store.change([key.id], in: scope) { _ in [.bind(cosBucket)] }
            for (product, resource) in [
                ("cos", "bucket 2"), ("cbs", "bucket"), ("bucket", "cos"), ("cos", "bucket\u{0}"),
                ("cos\u{0}", "bucket"),
            ] {
                let missing = ResourceBinding(product: product, resource: resource)
                let error = await #expect(throws: KMSError.self) {
                    _ = try await store.change([key.id], in: scope) { key throws(KMSError) in
                        try key.describe(as: "changed")
                        return [.bind(cbsDisk), .unbind(missing)]
                    }
                }
                #expect(error?.code == .bindingNotFound)
                #expect(error?.message.contains("resource \(resource) of the product \(product)") == true)
            }
            #expect(try await store.key(key.id)?.description == "")
            #expect(try await store.key(key.id)?.bindingCount == 1)
        },
        Check("Bindings made at the same time are all there and counted") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let binding = ResourceBinding(product: "cos", resource: "\(number % 20)")
                    group.addTask { _ = try? await store.change([key.id], in: scope) { _ in [.bind(binding)] } }
                }
            }
            #expect(try await store.key(key.id)?.bindingCount == 20)
        },
        Check("A bound key whose deletion is due goes with its bindings") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map {
                SampleKey.make($0, in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            }
            try await store.insert(keys)
            _ = try await store.change(keys.map(\.id), in: scope) { _ in [.bind(cosBucket), .bind(cbsDisk)] }
            #expect(try await store.deleteKey(keys[0].id, dueAt: SampleKey.moment)?.bindingCount == 2)
            #expect(try await store.key(keys[0].id) == nil)
            #expect(try await store.key(keys[1].id)?.bindingCount == 2)
            // Even if a key with the same id came back, its bindings would not.
            try await store.insert([SampleKey.make("3", in: scope, id: keys[0].id)])
            await expect(.bindingNotFound) {
                _ = try await store.change([keys[0].id], in: scope) { _ in [.unbind(cosBucket)] }
            }
        },
    ]
}

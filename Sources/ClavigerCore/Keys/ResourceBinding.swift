/// A resource of a cloud product that relies on a key; while there is one, the key cannot be taken away.
package struct ResourceBinding: Hashable, Sendable {
    /// The product, such as `cos`.
    package let product: String

    /// The resource, by the product's own name for it.
    package let resource: String

    package init(product: String, resource: String) {
        self.product = product
        self.resource = resource
    }
}

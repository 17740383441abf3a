import ArgumentParser

/// `claviger asymmetric …`
struct AsymmetricCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "asymmetric",
        abstract: "Encrypt under a public key, and decrypt with its key.",
        discussion: """
            For keys of the usages ASYMMETRIC_DECRYPT_RSA_2048 and ASYMMETRIC_DECRYPT_SM2. Unlike other ciphertexts \
            these do not name their key.

              claviger asymmetric encrypt --key inbox --text 'hello' > hello.enc
              claviger asymmetric decrypt --key inbox --in hello.enc
            """,
        subcommands: [AsymmetricEncrypt.self, AsymmetricDecrypt.self]
    )
}

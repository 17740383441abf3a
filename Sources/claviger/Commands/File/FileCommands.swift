import ArgumentParser

/// `claviger file …`
struct FileCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: "Encrypt and decrypt files of any size.",
        discussion: """
            A file is encrypted on this machine with SM4 under a data key, which goes along, encrypted by up to five keys \
            of the server; any one of them opens it again. The server sees the data key, not the file.

              claviger file encrypt backup.tar --key orders --out backup.tar.enc
              claviger file decrypt backup.tar.enc --out backup.tar
              tar c orders | claviger file encrypt --key orders | ssh vault 'cat > orders.enc'
            """,
        subcommands: [FileEncrypt.self, FileDecrypt.self]
    )
}

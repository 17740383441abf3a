// Encrypts a file of any size and decrypts it again, in a few MiB of memory.
//
//     TENCENT_SDK_DOMAIN=http://127.0.0.1:7700 SECRET_ID=… SECRET_KEY=… KEY_1=… swift run EncryptFile FILE

// snippet.hide
import ClavigerEnvelope
import Foundation

func setting(_ name: String) -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { fatalError("set \(name)") }
    return value
}

guard CommandLine.arguments.count == 2 else { fatalError("usage: EncryptFile FILE") }
let path = CommandLine.arguments[1]
// snippet.show
let manager = KeyManager(
    credentials: try KMSCredentials(secretID: setting("SECRET_ID"), secretKey: setting("SECRET_KEY")),
    address: try KMSAddress(setting("TENCENT_SDK_DOMAIN")))
let masterKey = try MasterKey(region: "ap-guangzhou", keyID: setting("KEY_1"))

/// Shows how far it is, and never asks to stop.
func show(_ progress: EnvelopeProgress) -> Bool {
    print(progress.phase, progress.completed, "of", progress.total.map { "\($0)" } ?? "unknown")
    return true
}

let input = open(path, O_RDONLY)
let encrypted = open(path + ".enc", O_RDWR | O_CREAT | O_EXCL, 0o600)
try manager.encrypt(
    from: FileSource(descriptor: input), to: FileSink(descriptor: encrypted), under: [masterKey], progress: show)

lseek(encrypted, 0, SEEK_SET)
let decrypted = open(path + ".dec", O_WRONLY | O_CREAT | O_EXCL, 0o600)
try manager.decrypt(from: FileSource(descriptor: encrypted), to: FileSink(descriptor: decrypted), progress: show)

// Encrypts a message under two master keys, and decrypts it with either.
//
//     TENCENT_SDK_DOMAIN=http://127.0.0.1:7700 SECRET_ID=… SECRET_KEY=… KEY_1=… KEY_2=… swift run EncryptMessage

// snippet.hide
import ClavigerEnvelope
import Foundation

func setting(_ name: String) -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { fatalError("set \(name)") }
    return value
}
// snippet.show
let manager = KeyManager(
    credentials: try KMSCredentials(secretID: setting("SECRET_ID"), secretKey: setting("SECRET_KEY")),
    address: try KMSAddress(setting("TENCENT_SDK_DOMAIN")),
    limits: try DataKeyLimits(messagesPerKey: 1000, encryptionSeconds: 300, decryptionSeconds: 300))

// The first that answers makes the data key; each of the others wraps it too.
let masterKeys = [
    try MasterKey(region: "ap-guangzhou", keyID: setting("KEY_1")),
    try MasterKey(region: "ap-beijing", keyID: setting("KEY_2")),
]
let message = try manager.encrypt(
    Array("attack at dawn".utf8), under: masterKeys, context: #"{"table":"orders"}"#)
print("\(message.bytes.count) bytes, \(message.header.algorithm), \(message.header.dataKeys.count) data keys")

let opened = try manager.decrypt(message.bytes)
print(String(decoding: opened.plaintext, as: UTF8.self), opened.header.encryptionContext)

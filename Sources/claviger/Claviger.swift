import AsyncHTTPClient
@main struct Claviger { static func main() { print("x") } }

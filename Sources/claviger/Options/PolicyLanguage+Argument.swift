import ArgumentParser
import ClavigerCore

extension PolicyLanguage: ExpressibleByArgument {}

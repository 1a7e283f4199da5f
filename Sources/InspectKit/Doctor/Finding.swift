/// One row of the doctor's answer.
public struct Finding: Encodable, Sendable {
  public enum Level: String, Encodable, Sendable { case good, remark, problem }

  let code: String
  public let level: Level
  let title: String
  let note: String?
  /// What to do; nil where nothing needs to be done.
  let remedy: String?

  init(
    _ code: String, _ level: Level, _ title: String, note: String? = nil, remedy: String? = nil
  ) {
    self.code = code
    self.level = level
    self.title = title
    self.note = note
    self.remedy = remedy
  }
}

/// What the checks look at.
struct Patient {
  let surroundings: Surroundings
  /// As the user named it; nil = only the machine and the configuration.
  let name: String?
  let program: Program?
  /// Why there is none.
  let failure: Failure?
  /// The program and all libraries that the loader will load with it.
  let images: [ElfImage]
  /// DT_NEEDED names that were not found.
  let missing: [String]

  /// What a program started here would be given; nil = no file, or one that cannot be read.
  var configuration: Configuration? {
    guard let path = ConfigurationPlaces(surroundings).used?.path, let file = try? OpenFile(path)
    else { return nil }
    return Configuration.read(file.read(at: 0, count: 1 << 16), source: path)
  }

  init(_ name: String?, _ surroundings: Surroundings) {
    self.name = name
    self.surroundings = surroundings
    guard let name else {
      (program, failure, images, missing) = (nil, nil, [], [])
      return
    }
    do throws(Failure) {
      let found = try Program.find(name, surroundings)
      let closure = Dependencies(of: found.image, surroundings)
      (program, failure, images, missing) = (found, nil, closure.images, closure.missing)
    } catch {
      (program, failure, images, missing) = (nil, error, [], [])
    }
  }
}

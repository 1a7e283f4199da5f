/// Every construct of TOML 1.0, right and wrong.
let tomlDocuments: [String] =
  tomlKeys + tomlStrings + tomlNumbers + tomlDates + tomlTables + tomlConfigurations

private let tomlKeys = [
  "", "\n", "# only a comment", "a=1", "a = 1 # comment", "a-b_c = 1", "1234 = 1", "\"\" = 1",
  "'' = 1", "\"a b\" = 1", "'a \"b\"' = 1", "\"\\u00e9\" = 1", "a.b.c = 1\na.b.d = 2",
  "a . b = 1", "3.14 = 1", "a.\"b.c\".d = 1", "a = 1\na = 2", "a.b = 1\na = 2", "a = 1\na.b = 2",
  "a = ", "= 1", "a", "a b = 1", "a.b", "a..b = 1", ".a = 1", "a = 1 b = 2", "é = 1",
  "a+b = 1", "\"\"\"a\"\"\" = 1", "a = 1\r\nb = 2\r\n", "a = 1\rb = 2", "\"a\nb\" = 1",
  "\u{A0}a = 1", "a\u{A0}= 1", "a =\u{3000}1", "a = 1 # \u{2028} b", "a = 1\u{85}b = 2",
  "# \u{7F}", "# \t tab",
]

private let tomlStrings = [
  #"a = "x\b\t\n\f\r\"\\y""#, #"a = "\u00E9\U0001F600""#, #"a = "\uD800""#, #"a = "\U00110000""#,
  #"a = "\x41""#, #"a = "\e""#, #"a = "\u12""#, "a = \"\t\"", "a = \"\u{1}\"", "a = \"\u{7F}\"",
  "a = 'C:\\x'", "a = ''", "a = '\t'", "a = '\n'", "a = '", "a = \"", "a = \"\"\"\nx\ny\"\"\"",
  "a = \"\"\"x\\\n   y\"\"\"", "a = \"\"\"x\\   \n\n  y\"\"\"", "a = \"\"\"x\\ y\"\"\"",
  "a = \"\"\"\"x\"\"\"\"", "a = \"\"\"\"\"x\"\"\"\"\"", "a = \"\"\"\"\"\"", "a = \"\"\"\"\"\"\"",
  "a = \"\"\"x\"\"\"\"\"\"", "a = '''\n'x''y'''''", "a = ''''''", "a = '''x", "a = \"\"\"x",
  "a = \"\"\"\r\nx\r\n\"\"\"", "a = \"\"\"\u{0}\"\"\"", "a = \"é\u{2028}\"", "a = \"\"\"\\é\"\"\"",
  "a = \"\"\"\\\n é\"\"\"", "a = \"\\\n\"", "a = \"\" \"\"",
]

private let tomlNumbers = [
  "a = +1", "a = -0", "a = 0", "a = 00", "a = 01", "a = +01", "a = 1_000", "a = 1__0", "a = _1",
  "a = 1_", "a = 0x_1", "a = 0xDEADbeef", "a = 0XFF", "a = +0x1", "a = 0o755", "a = 0o8",
  "a = 0b101", "a = 0b2", "a = 0x", "a = 0o", "a = 0b", "a = 9223372036854775807",
  "a = -9223372036854775808", "a = 1.0", "a = 1.", "a = .1", "a = 1.e1", "a = 1e1", "a = 1E+1",
  "a = 1e-1", "a = 1e", "a = 1e_1", "a = 1_0.0_1e1_0", "a = 01.0", "a = -01.0", "a = 1.0.0",
  "a = inf", "a = +inf", "a = -nan", "a = Inf", "a = nan1", "a = 0e0", "a = -0.0", "a = 1e01",
  "a = true", "a = false", "a = True", "a = tru", "a = truee", "a = -true", "a = +", "a = -",
]

private let tomlDates = [
  "a = 1979-05-27T07:32:00Z", "a = 1979-05-27t07:32:00z", "a = 1979-05-27 07:32:00-07:00",
  "a = 1979-05-27T00:32:00.999999", "a = 1979-05-27", "a = 07:32:00", "a = 07:32:00.5",
  "a = 07:32", "a = 1979-05-27T07:32", "a = 1979-13-01", "a = 1979-02-30", "a = 2000-02-29",
  "a = 1900-02-29", "a = 24:00:00", "a = 23:60:00", "a = 23:59:60", "a = 1979-5-27",
  "a = 1979-05-27T", "a = 1979-05-27 ", "a = 1979-05-27  07:32:00", "a = 07:32:00.",
  "a = 1979-05-27T07:32:00+25:00", "a = 1979-05-27T07:32:00+07", "a = 79-05-27",
  "a = 1979-05-27T07:32:00 Z", "a = 0001-01-01",
]

private let tomlTables = [
  "[a]", "[a]\nb = 1\n[c]\nd = 2", "[a.b]\n[a]", "[a]\n[a.b]", "[a]\n[a]", "[a.b]\n[a.b]",
  "a = 1\n[a]", "[a]\nb = 1\n[a.b]", "[ a . b ]", "[ \"a\" . 'b' ]", "[]", "[a", "[a]]", "[[a]",
  "[a] b = 1", "[a.]", "[.a]", "[a..b]", "[[a]]\n[[a]]\nb = 1", "[[a]]\n[a.b]\n[[a]]\n[a.b]",
  "[a]\n[[a]]", "[[a]]\n[a]", "[[a.b]]\n[[a.b]]", "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]", "a = []\n[[a]]",
  "a = [{b = 1}]\n[[a]]", "[[ a ]]", "[ [a] ]", "[ [a]]", "[a] # comment", "[[a]] # comment",
  "[a]\nb.c = 1\n[a.b]", "[a]\nb.c = 1\n[a.b.d]", "[a.b.c]\n[a]\nb.d = 1", "a.b = 1\n[a]",
  "a.b = 1\n[a.c]", "[a]\nb = {c = 1}\n[a.b]", "a = {b = 1}\na.c = 2", "a = {}\n[a.b]",
  "a = {b.c = 1, b.d = 2}", "a = {b = 1, b = 2}", "a = {b = {c = 1}, b.d = 2}", "a = {}",
  "a = { }", "a = {b = 1,}", "a = {,}", "a = {b = 1 c = 2}", "a = {b = [\n1\n]}", "a = {\n}",
  "a = {b = 1 # c\n}", "a = {b}", "a = {b =}", "a = [1, 2,]", "a = [\n1, # c\n\n2\n]", "a = [,]",
  "a = [1,,2]", "a = [1 2]", "a = [1", "a = ]", "a = [1, 'x', [2], {b = 3}, 1.5, true]", "a = [[]]",
  "a = [1]]", "a = {b = 1}}", "[[a]]\nb = 1\n[[a]]\nb = 1", "[a.b]\nc = 1\n[a]\nb.e = 2",
  "[[a.b]]\n[a]", "[a]\n[[a.b]]\n[a.b.c]", "[[{", "[{", "[[a.b", "[\"a\nb\"]", "a = {'b' = 1}",
]

private let tomlConfigurations = [
  #"""
  version = 1
  [process]
  mode = 'observe'
  children = "\u0073trip"
  [log]
  file = """\
     /tmp/\
     %p"""
  level = "info"
  """#,
  """
  version = 0b1
  signals = { altstack_min_kib = 1_28, default = "chain", rule = [
    { signals = ["SIGSEGV", "SIGBUS"], order = ["jvm", "go"], reason = '''a "quoted" \\ reason''' },
    { signals = ["SIGPROF",], order = ["go",], until = "all" },
  ] }
  runtime = [ { name = "x-y_z.1+", libraries = ['lib"x".so', "*"] } ]
  state.publish = false
  state.path = "%r/\\u00e9 \\"%p\\""
  """,
  """
  version = 1
  [[signals.rule]]
  signals = ["SIGILL"]
  order = ["dotnet"]
  [signals]
  default = "last-wins"
  """,
]

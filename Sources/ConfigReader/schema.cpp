#include "schema.h"

#include "schema_runtime.h"
#include "schema_shapes.h"

namespace config {

namespace {

#define CONFIG_FIELD(name) \
  offsetof(coexist_config, name), sizeof(coexist_config::name)
#define RULE_FIELD(name) offsetof(coexist_rule, name)
#define CONTAINER_FIELD(name) offsetof(coexist_container_rule, name)
#define TLS_FIELD(name) offsetof(coexist_tls_rule, name)

constexpr Choice modes[] = {{"off", COEXIST_MODE_OFF},
                            {"observe", COEXIST_MODE_OBSERVE},
                            {"enforce", COEXIST_MODE_ENFORCE}};
constexpr Choice children[] = {{"inherit", 0}, {"strip", 1}};
constexpr Choice on_error[] = {{"degrade", 0}, {"abort", 1}};
constexpr Choice levels[] = {{"off", COEXIST_LOG_OFF},
                             {"error", COEXIST_LOG_ERROR},
                             {"warn", COEXIST_LOG_WARN},
                             {"info", COEXIST_LOG_INFO},
                             {"debug", COEXIST_LOG_DEBUG}};
constexpr Choice formats[] = {{"text", COEXIST_LOG_TEXT}, {"json", COEXIST_LOG_JSON}};
constexpr Choice defaults[] = {{"chain", 0}, {"last-wins", 1}};
constexpr Choice policies[] = {{"native", COEXIST_TLS_POLICY_NATIVE},
                               {"context", COEXIST_TLS_POLICY_CONTEXT},
                               {"copy", COEXIST_TLS_POLICY_COPY},
                               {"entered", COEXIST_TLS_POLICY_ENTERED},
                               {"proxy", COEXIST_TLS_POLICY_PROXY},
                               {"register", COEXIST_TLS_POLICY_REGISTER}};
constexpr Choice until[] = {{"handled", COEXIST_UNTIL_HANDLED}, {"all", COEXIST_UNTIL_ALL}};

constexpr Choice isolations[] = {{"namespace", 0}, {"scope", 1}};

constexpr Key version_key() {
  Key key{"version", Kind::version, "of this file's format; the only required key", "1"};
  key.required = true;
  key.minimum = key.maximum = version_read;
  return key;
}

// ---- the table ----

constexpr Key top[] = {version_key()};

constexpr Key process[] = {
    choice("mode", offsetof(coexist_config, mode), modes, "enforce",
           "observe: only record who asks for what; off: do nothing"),
    choice("children", offsetof(coexist_config, children_strip), children, "inherit",
           "what programs that this one starts get in LD_PRELOAD"),
    choice("on_error", offsetof(coexist_config, abort_on_error), on_error, "degrade",
           "degrade: warn and go on without the feature"),
};

constexpr Key log[] = {
    choice("level", offsetof(coexist_config, log_level), levels, "warn",
           "the least severe message that is written"),
    text("file", Kind::path, CONFIG_FIELD(log_file), "stderr",
         "stderr, or a path; %p = pid, %e = executable, %t = start time", "pet"),
    choice("format", offsetof(coexist_config, log_format), formats, "text",
           "json: each message is one object on one line"),
};

constexpr Key state[] = {
    boolean("publish", offsetof(coexist_config, publish), "true",
            "whether other processes of this user may look"),
    text("path", Kind::path, CONFIG_FIELD(state_path), "%r/coexist/%p.state",
         "%p = pid, %r = $XDG_RUNTIME_DIR, else coexist-UID in the temporary folder", "rp"),
};

constexpr Key signals[] = {
    choice("default", offsetof(coexist_config, last_wins), defaults, "chain",
           "for signals without a rule; last-wins: as libc does"),
    integer("altstack_min_kib", offsetof(coexist_config, altstack_min_kib), 0, 16384, "0",
            "smallest alternate stack that a chained handler runs on; 0: the one it asked for"),
};

constexpr Key rule[] = {
    required(list("signals", Kind::signals, RULE_FIELD(signals), 0, 0, 0,
                  "names of signals: SIGSEGV, SIGRTMIN+1")),
    required(list("order", Kind::runtimes, RULE_FIELD(order), COEXIST_NAME_MAX,
                  RULE_FIELD(order_count), COEXIST_RULE_ORDER_MAX,
                  "names of runtimes; the first is asked first")),
    choice("until", RULE_FIELD(until), until, "handled",
           "handled: stop at the first that handles it; all: call each"),
    text("reason", Kind::text, RULE_FIELD(reason), sizeof(coexist_rule::reason), "",
         "why; coexist-inspect explain shows it"),
};

constexpr Key container[] = {
    required(text("name", Kind::name, CONTAINER_FIELD(name), COEXIST_NAME_MAX, "",
                  "what messages and coexist-inspect call it")),
    required(list("libraries", Kind::libraries, CONTAINER_FIELD(libraries),
                  sizeof(coexist_container_rule::libraries[0]), CONTAINER_FIELD(libraries_count),
                  COEXIST_PATTERNS_MAX,
                  "file names; each file that a dlopen names gets a namespace of its own")),
    choice("isolation", CONTAINER_FIELD(isolation), isolations, "namespace",
           "namespace: a link namespace with what is shared in it; glibc has 15. scope: private "
           "copies in the program's own namespace, any number"),
    list("share", Kind::sonames, CONTAINER_FIELD(share),
         sizeof(coexist_container_rule::share[0]), CONTAINER_FIELD(share_count),
         COEXIST_PATTERNS_MAX,
         "SONAMEs of libraries that it gets from the process, besides libc, libm and libgcc_s"),
    boolean("copies", CONTAINER_FIELD(copies), "false",
            "whether libraries that the loader never unloads are loaded as private copies"),
    boolean("lazy", CONTAINER_FIELD(lazy), "false",
            "whether a function is bound when it is first called"),
    integer("close_timeout_ms", CONTAINER_FIELD(close_timeout_ms), 0, 60000, "1000",
            "how long dlclose waits for threads that still run inside"),
};
constexpr Key tls[] = {
    required(list("libraries", Kind::libraries, TLS_FIELD(libraries),
                  sizeof(coexist_tls_rule::libraries[0]), TLS_FIELD(libraries_count),
                  COEXIST_PATTERNS_MAX,
                  "SONAMEs or file names; * and ? match any characters, any one")),
    required(choice("policy", TLS_FIELD(policy), policies, "",
                    "native: the OS thread's; context: each context has its own; copy: exchanged "
                    "at each switch; entered: own in contexts entered by hand only; proxy: "
                    "coexist_call runs on the context's own thread; register: with its own FS "
                    "register")),
    list("variables", Kind::symbols, TLS_FIELD(variables),
         sizeof(coexist_tls_rule::variables[0]), TLS_FIELD(variables_count),
         COEXIST_TLS_VARIABLES_MAX,
         "copy: the variables to exchange, SYMBOL or SYMBOL:BYTES; default: all of them"),
};

constexpr Section repeated(const char *path, const char *doc, List<Key> keys, size_t field,
                           size_t size, size_t count_field, size_t count_max,
                           const char *example) {
  Section section{path, doc, keys};
  section.field = static_cast<uint32_t>(field);
  section.size = static_cast<uint32_t>(size);
  section.count_field = static_cast<uint32_t>(count_field);
  section.count_max = static_cast<uint32_t>(count_max);
  section.example = example;
  return section;
}

constexpr Section all_sections[] = {
    {"", "The configuration of coexist.", top},
    {"process", "the process as a whole", process},
    {"log", "what coexist itself says", log},
    {"state", "what coexist-inspect reads", state},
    {"signals", "who gets a signal that several runtimes want", signals},
    repeated("signals.rule", "the first rule that names the signal decides", rule,
             offsetof(coexist_config, rules), sizeof(coexist_rule),
             offsetof(coexist_config, rules_count), COEXIST_RULES_MAX,
             "signals = [\"SIGSEGV\", \"SIGBUS\"]\n"
             "order = [\"jvm\", \"dotnet\", \"go\", \"app\"]\n"
             "until = \"handled\"\n"
             "reason = \"HotSpot's implicit null checks must be tried first\"\n"),
    repeated("runtime", "one that coexist does not know, or knows otherwise", runtime,
             offsetof(coexist_config, definitions), sizeof(coexist_definition),
             offsetof(coexist_config, definitions_count), COEXIST_DEFINITIONS_MAX,
             "name = \"lua\"\n"
             "libraries = [\"liblua5.4.so*\"]\n"
             "signals = [\"SIGINT\"]\n"
             "claims = \"never\"\n"),
    repeated("tls", "whose thread-local state a library's is, where coexist finds it wrong", tls,
             offsetof(coexist_config, tls_rules), sizeof(coexist_tls_rule),
             offsetof(coexist_config, tls_rules_count), COEXIST_TLS_RULES_MAX,
             "libraries = [\"libplugin.so*\"]\n"
             "policy = \"copy\"\n"),
    repeated("container", "a library in a namespace of its own", container,
             offsetof(coexist_config, containers), sizeof(coexist_container_rule),
             offsetof(coexist_config, containers_count), COEXIST_CONTAINER_RULES_MAX,
             "name = \"jvm25\"\n"
             "libraries = [\"libjvm.so\"]\n"),
};

constexpr Planned planned[] = {
    {"stacks", "stacks that collectors scan", false},
};

}  // namespace

std::string_view Section::name() const {
  const std::string_view whole = path;
  return whole.substr(whole.rfind('.') + 1);  // npos + 1 = 0
}

std::string_view Section::parent() const {
  const std::string_view whole = path;
  const size_t dot = whole.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : whole.substr(0, dot);
}

List<Section> sections() { return all_sections; }

List<Planned> planned_sections() { return planned; }

const Key *find_key(const Section &section, std::string_view name) {
  for (const Key &key : section.keys) {
    if (name == key.name) return &key;
  }
  return nullptr;
}

const Section *find_section(std::string_view parent, std::string_view name) {
  for (const Section &section : sections()) {
    if (*section.path != 0 && section.parent() == parent && section.name() == name) return &section;
  }
  return nullptr;
}

const Planned *find_planned(const Section &parent, std::string_view name) {
  if (*parent.path != 0) return nullptr;
  for (const Planned &section : planned) {
    if (name == section.name) return &section;
  }
  return nullptr;
}

std::string in_brackets(std::string_view path, bool repeated) {
  const std::string name(path);
  return repeated ? "[[" + name + "]]" : "[" + name + "]";
}

std::vector<std::string_view> names_in(const Section &section) {
  std::vector<std::string_view> names;
  for (const Key &key : section.keys) names.push_back(key.name);
  for (const Section &below : sections()) {
    if (*below.path != 0 && below.parent() == section.path) names.push_back(below.name());
  }
  return names;
}

bool is_list(Kind kind) {
  return kind == Kind::signals || kind == Kind::runtimes || kind == Kind::libraries ||
         kind == Kind::sonames || kind == Kind::symbols || kind == Kind::flags;
}

}  // namespace config

// [[runtime]]: the catalogue's schema, as a part of the table in schema.cpp.
#pragma once

#include <ccoexist/catalogue.h>
#include <ccoexist/catalogue_words.h>

#include "schema_shapes.h"

namespace config {

#define WORD(name, value) {name, value},
// 0 is "not given" (coexist_definition).
#define WORD_AFTER_NONE(name, value) {name, value + 1},
constexpr Choice claims[] = {COEXIST_CLAIMS_WORDS(WORD_AFTER_NONE)};
constexpr Choice passes[] = {COEXIST_PASSES_WORDS(WORD_AFTER_NONE)};
constexpr Choice previous[] = {COEXIST_PREVIOUS_WORDS(WORD_AFTER_NONE)};
constexpr Choice flag_words[] = {COEXIST_FLAGS_WORDS(WORD)};
constexpr Choice loader_words[] = {COEXIST_LOADER_WORDS(WORD)};
constexpr Choice runtime_tls[] = {COEXIST_RUNTIME_TLS_WORDS(WORD)};
#undef WORD
#undef WORD_AFTER_NONE

#define DEFINITION_FIELD(name) offsetof(coexist_definition, name)
#define DEFINITION_TEXT(name) DEFINITION_FIELD(name), sizeof(coexist_definition::name), ""
#define DEFINITION_LIST(name, count_max)                                  \
  DEFINITION_FIELD(name), sizeof(coexist_definition::name[0]),            \
      DEFINITION_FIELD(name##_count), count_max

// The fields of catalogue.h, by their names there.
constexpr Key runtime[] = {
    required(text("name", Kind::name, DEFINITION_TEXT(name),
                  "a known name, to add to what coexist knows of it, or a new one")),
    text("title", Kind::text, DEFINITION_TEXT(title), "its name for people"),
    list("libraries", Kind::libraries,
         DEFINITION_LIST(libraries, COEXIST_DEFINITION_LIBRARIES_MAX),
         "SONAMEs or file names, a last * matches any rest; the first makes the runtime, the "
         "others belong to it"),
    list("symbols", Kind::symbols, DEFINITION_LIST(symbols, COEXIST_DEFINITION_SYMBOLS_MAX),
         "a library that exports one of them is the runtime, whatever its name"),
    text("note", Kind::symbol, DEFINITION_TEXT(note), "the name of an ELF note in it"),
    list("signals", Kind::signals, DEFINITION_FIELD(signals), 0, 0, 0,
         "that it installs handlers for"),
    list("private_signals", Kind::signals, DEFINITION_FIELD(private_signals), 0, 0, 0,
         "that its threads send one another"),
    signal("suspend_signal", DEFINITION_FIELD(suspend_signal),
           "the private one that stops a thread until another restarts it, or first-realtime: the "
           "lowest real-time one that it has a handler for"),
    choice("claims", DEFINITION_FIELD(claims), claims, "",
           "when it says that a fault is its own: precisely, by tables of its own; own-code: at "
           "its own instructions; greedily: any on its threads; never: it writes reports"),
    choice("passes", DEFINITION_FIELD(passes), passes, "",
           "what it does with another's: hand it on, hand it on reported, never: abort"),
    choice("previous", DEFINITION_FIELD(previous), previous, "",
           "how it hands on: it puts back the default action, or asks libjsig"),
    flags("flags", DEFINITION_FIELD(flags), flag_words,
          "bottom-aborts: with the default action below it, it aborts; aborts-near-stack: takes a "
          "fault near the stack pointer for an overflow; each-module: each library is a runtime; "
          "sends-raw: signals without libc; claims-its-pages: also by the address; "
          "virtual-threads: told by JVMTI; small-stacks: no room for a handler there"),
    text("stack", Kind::text, DEFINITION_TEXT(stack), "on which stack its handlers run"),
    text("source", Kind::text, DEFINITION_TEXT(source), "where these facts are from"),
    flags("loader", DEFINITION_FIELD(loader), loader_words,
          "local: others open it without RTLD_GLOBAL; stays: it is never unloaded"),
    integer("steady_threads", DEFINITION_FIELD(steady_threads), 0, 1024, "0",
            "that it has from its start on, and does without in a child of fork"),
    text("restart", Kind::symbol, DEFINITION_TEXT(restart),
         "a function that makes the others anew in a child of fork"),
    list("bundled", Kind::symbols, DEFINITION_LIST(bundled, COEXIST_DEFINITION_BUNDLED_MAX),
         "names of other libraries that it exports copies of; a last * matches any rest"),
    choice("tls", DEFINITION_FIELD(tls), runtime_tls, "",
           "whose its thread-local state is, as in [[tls]]; default: native"),
    list("variables", Kind::symbols, DEFINITION_LIST(variables, COEXIST_TLS_VARIABLES_MAX),
         "of initial-exec code, which belong to the task: SYMBOL or SYMBOL:BYTES"),
    text("attach", Kind::symbol, DEFINITION_TEXT(attach),
         "a function that makes a thread of the program known to it"),
    text("attach_argument", Kind::symbol, DEFINITION_TEXT(attach_argument),
         "a function that returns attach's argument; NULL: too early"),
    text("share", Kind::symbol, DEFINITION_TEXT(share),
         "a function that makes an object ready for other threads (coexist_share)"),
};

#undef DEFINITION_FIELD
#undef DEFINITION_TEXT
#undef DEFINITION_LIST

}  // namespace config

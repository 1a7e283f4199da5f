// The names of the runtimes that coexist knows, as the configuration and the tools write them.
// One list for the configuration reader (C012), the tools' completion and the catalogue's tests.
#pragma once

#define COEXIST_CATALOGUE_NAMES(X)                                                             \
  X("jvm") X("openj9") X("go") X("dotnet") X("mono") X("python") X("node") X("v8")             \
  X("wasmtime") X("wasmer") X("lean") X("mojo") X("ghc") X("ocaml") X("sbcl") X("boehm")       \
  X("guile") X("ecl") X("ruby") X("erlang") X("julia") X("racket") X("r") X("d") X("swift")    \
  X("rust") X("llvm") X("sanitizer") X("glog") X("abseil") X("breakpad") X("crashpad")         \
  X("sentry") X("app")

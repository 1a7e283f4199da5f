// Lets Erlang open shared objects and call their functions.
#include <dlfcn.h>
#include <erl_nif.h>
#include <string.h>

enum { TEXT_MAX = 4096 };

static void *find(ErlNifEnv *env, const ERL_NIF_TERM *words) {
    char library[TEXT_MAX], symbol[TEXT_MAX];
    if (!enif_get_string(env, words[0], library, TEXT_MAX, ERL_NIF_LATIN1)) return NULL;
    if (!enif_get_string(env, words[1], symbol, TEXT_MAX, ERL_NIF_LATIN1)) return NULL;
    void *handle = dlopen(*library ? library : NULL, RTLD_NOW | RTLD_GLOBAL);
    return handle ? dlsym(handle, symbol) : NULL;
}

// call(Library, Symbol, [Text]) with up to two texts: what the function returns, an integer.
static ERL_NIF_TERM call(ErlNifEnv *env, int count, const ERL_NIF_TERM words[]) {
    char texts[2][TEXT_MAX] = {"", ""};
    int (*function)(const char *, const char *) = find(env, words);
    ERL_NIF_TERM rest = words[2], text;
    (void)count;
    for (int i = 0; i < 2 && enif_get_list_cell(env, rest, &text, &rest); i++)
        if (!enif_get_string(env, text, texts[i], TEXT_MAX, ERL_NIF_LATIN1)) function = NULL;
    if (!function) return enif_make_badarg(env);
    return enif_make_int(env, function(texts[0], texts[1]));
}

// text(Library, Symbol): the text that a function without arguments returns.
static ERL_NIF_TERM text(ErlNifEnv *env, int count, const ERL_NIF_TERM words[]) {
    (void)count;
    const char *(*function)(void) = find(env, words);
    return function ? enif_make_string(env, function(), ERL_NIF_LATIN1) : enif_make_badarg(env);
}

// Each on a scheduler's thread, and on one for calls that take their time.
static ErlNifFunc functions[] = {
    {"call", 3, call, 0},
    {"long_call", 3, call, ERL_NIF_DIRTY_JOB_IO_BOUND},
    {"text", 2, text, 0},
};
ERL_NIF_INIT(host, functions, NULL, NULL, NULL, NULL)

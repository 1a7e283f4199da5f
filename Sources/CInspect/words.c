// The words of the catalogue, for Swift.
#include <CInspect.h>
#include <ccoexist/catalogue_words.h>

#define WORD(word, constant) {word, #constant, constant},
#define END {0, 0, 0}
static const struct inspect_word claims[] = {COEXIST_CLAIMS_WORDS(WORD) END};
static const struct inspect_word passes[] = {COEXIST_PASSES_WORDS(WORD) END};
static const struct inspect_word previous[] = {COEXIST_PREVIOUS_WORDS(WORD) END};
static const struct inspect_word flags[] = {COEXIST_FLAGS_WORDS(WORD) END};
static const struct inspect_word loader[] = {COEXIST_LOADER_WORDS(WORD) END};
static const struct inspect_word tls[] = {COEXIST_RUNTIME_TLS_WORDS(WORD) END};

static const struct inspect_word *const lists[] = {
    [INSPECT_CLAIMS] = claims, [INSPECT_PASSES] = passes, [INSPECT_PREVIOUS] = previous,
    [INSPECT_FLAGS] = flags,   [INSPECT_LOADER] = loader, [INSPECT_TLS] = tls};

const struct inspect_word *inspect_word_at(enum inspect_words list, size_t index) {
  const struct inspect_word *word = lists[list];
  for (; index > 0 && word->word != 0; index--) word++;
  return word->word != 0 ? word : 0;
}

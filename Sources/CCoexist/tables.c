#include <ccoexist/tables.h>

// Until a state file is mapped, and where none can be made, the state is private.
static struct coexist_state state_private;
struct coexist_state *coexist_state = &state_private;

struct coexist_real coexist_real;
struct coexist_config coexist_config;
struct coexist_module coexist_modules[COEXIST_MODULES_MAX];
struct coexist_action coexist_inherited[COEXIST_SIGNALS_MAX];
uint64_t coexist_versions[COEXIST_SIGNALS_MAX];
uint64_t coexist_unregistered;
uint64_t coexist_words[COEXIST_WORDS];
void *coexist_core_copy;
_Thread_local struct coexist_thread *coexist_self;
_Thread_local uint32_t coexist_vfork_mark;
_Thread_local uint32_t coexist_maker;
uint64_t coexist_process_tags[COEXIST_SIGNALS_MAX];
uint64_t coexist_stray_tags[COEXIST_SIGNALS_MAX];
uint64_t coexist_waiters[COEXIST_SIGNALS_MAX];
uint64_t coexist_exchanges[COEXIST_EXCHANGES_MAX];
siginfo_t coexist_along[COEXIST_ALONG_MAX];
uint64_t coexist_process_serveds[COEXIST_SIGNALS_MAX];
uint64_t coexist_children[COEXIST_CHILDREN_MAX];
uint64_t coexist_causes[COEXIST_CAUSES_MAX];
uint64_t coexist_interval_holders[COEXIST_INTERVAL_TIMERS];
uint64_t coexist_interval_ids[COEXIST_INTERVAL_TIMERS][COEXIST_RUNTIMES_MAX];

// Calls every COEXIST_SIGSAFE function of Sources/CCoexist from a nonblocking function, so that
// clang's RealtimeSanitizer stops at the first libc call in them that may lock or allocate.
// With --self-test it does allocate, and must be stopped.
#include <ccoexist/catalogue.h>
#include <ccoexist/entry.h>
#include <ccoexist/rcu.h>
#include <ccoexist/unwind.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static volatile uint64_t seen;

// What preload/jsig.c needs of the rest of the library.
int coexist_active = 1;
void coexist_resolve(void) {}
void coexist_core_called_previous(void *ucontext) COEXIST_SIGSAFE { seen += (uint64_t)ucontext; }
struct sigaction *coexist_core_jvm_previous(int signal) COEXIST_SIGSAFE {
  return signal == SIGSEGV ? coexist_jvm_previous_action() : 0;
}
struct sigaction *JVM_get_signal_action(int signal);

static void objects(void) COEXIST_SIGSAFE {
  uint64_t here = coexist_program_entry();
  struct coexist_object object = coexist_object_at(here);
  const char *name = coexist_object_name(object.map);
  seen += (uint64_t)coexist_object_alias(object.map);
  seen += coexist_object_symbol(object.map, "no_such_symbol");
  seen += (uint64_t)coexist_object_has_note(object.low, "Go");
  seen += (uint64_t)coexist_object_is_system(name);
  seen += coexist_object_return(here);
  seen += (uint64_t)coexist_text_equal(name, "a") + (uint64_t)coexist_text_matches(name, "lib*");
  seen += coexist_catalogue_loader(name) + (uint64_t)coexist_catalogue_bundled(name);
  struct coexist_frame frame = {here, coexist_current_sp(), 0, 0};
  seen += (uint64_t)coexist_frame_up(&frame);
  seen += coexist_caller_past(frame, "sigaction");
  seen += coexist_catalogue_recognise(object, name);
  for (uint32_t i = 0; i < coexist_catalogue_count; i++) {
    seen += (uint64_t)coexist_catalogue_is_main(coexist_catalogue_at(i), name);
    seen += (uint64_t)coexist_catalogue_is_own_instance(i, name);
  }
}

static void machine(void) COEXIST_SIGSAFE {
  seen += coexist_clock_ns(0) + coexist_clock_ns(5) + coexist_ticks() + coexist_current_sp();
  seen += (uint64_t)coexist_gettid() + (uint64_t)coexist_getpid() + (uint64_t)coexist_errno();
  seen += coexist_stack_limit() + coexist_stack_end() + coexist_minimum_stack();
  seen += (uint64_t)coexist_program_name()[0];
  coexist_yield(), coexist_sleep(1);
  char byte = 0;
  seen += (uint64_t)coexist_can_read(&byte, 1) + (uint64_t)coexist_can_write(&byte, 1);
  coexist_write_log("", 0);
  coexist_config.log_format = COEXIST_LOG_JSON;
  coexist_write_log("coexist[1]: warning[W000]: a \"line\"\n", 33);
  coexist_config.log_format = COEXIST_LOG_TEXT;
  struct coexist_thread *thread = coexist_block_map();
  coexist_thread_set_self(thread);
  seen += (uint64_t)coexist_thread_self();
  coexist_thread_set_self(0);
}

static void donors(void) COEXIST_SIGSAFE {
  struct coexist_donor donor = {.base = 1, .process = -1};
  seen += coexist_base_now() + (uint64_t)coexist_donor_loaded() + (uint64_t)*coexist_donors_head();
  seen += (uint64_t)*coexist_record_at(coexist_base_now());
  coexist_base_set(coexist_base_now());
  coexist_donor_settles(&donor);
  seen += (uint64_t)coexist_donor_itself(&donor);
  coexist_donor_turn(&donor, COEXIST_DONOR_BEGUN);
  seen += (uint64_t)coexist_donor_send(&donor, SIGWINCH, 0);  // to nobody
}

static void biased(void) COEXIST_SIGSAFE {
  struct coexist_context context = {.base = 0};
  struct coexist_dtv_entry vector[4] = {{4, 0}};
  struct coexist_swap swap = {.place = 2 * sizeof vector[0]};
  seen += (uint64_t)coexist_bias_take(&context) + (uint64_t)coexist_inside_take(&context);
  seen += coexist_bias_of(&context) + (uint64_t)coexist_context_holder(&context);
  coexist_bias_end(&context);
  seen += (uint64_t)coexist_swap_entry(vector, &swap) + *coexist_tls_modules_version();
}

static void contexts(void) COEXIST_SIGSAFE {
  struct coexist_tls_self self = {.native_size = 0};
  coexist_tls_remember(&self, 1, 2, 0, 0);
  struct coexist_dtv_entry dtv[2] = {{1, 0}, {2, 0}};
  struct coexist_swap swap = {.own = 3, .place = sizeof dtv[0]};
  coexist_swaps_install(dtv, &swap, 1);
  coexist_swaps_remove(dtv, &swap, 1);
  seen += self.low + dtv[1].value + coexist_tls_pointer();
}

static void collectors(void) COEXIST_SIGSAFE {
  seen += coexist_thread_pointer() + coexist_stack_pointer();
  seen += coexist_maker_of(coexist_thread_pointer()) + (uint64_t)coexist_libgc_at(0);
  seen += (uint64_t)coexist_root_tables_at(0) + (uint64_t)coexist_root_segment(0, 0);
  seen += (uint64_t)coexist_pins_at(COEXIST_PINS_AT);
  uint64_t word = 1;
  seen += (uint64_t)coexist_exchange_own(&word, 1, 2);
  struct coexist_task_signals signals;
  seen += (uint64_t)coexist_task_signals(coexist_gettid(), &signals);
  seen += (uint64_t)coexist_the_ruby() + (uint64_t)coexist_the_ocaml();
  coexist_set_maker(0);
}

static void timers(void) COEXIST_SIGSAFE {
  seen += (uint64_t)coexist_wait_id(0, 0, 5) + (uint64_t)coexist_adopts_orphans();
  int32_t timer = coexist_timer_make(ITIMER_PROF);
  seen += (uint64_t)coexist_timer_runs(ITIMER_PROF);
  coexist_timer_move(ITIMER_PROF, timer);
  coexist_timer_delete(timer);
}

static void signals(void) COEXIST_SIGSAFE {
  struct sigaction native;
  struct coexist_action action;
  stack_t stack;
  coexist_real_sigaction(SIGUSR1, 0, &native);
  coexist_action_read(&native, &action);
  coexist_action_write(&action, &native);
  coexist_real_sigaction(SIGUSR1, &native, 0);
  coexist_real_sigaltstack(0, &stack);
  coexist_rcu_enter();
  coexist_rcu_leave();
  seen += (uint64_t)coexist_jvm_previous_action();
}

static void frames(void *ucontext, void *copy, const siginfo_t *info) COEXIST_SIGSAFE {
  struct coexist_registers registers;
  coexist_copy(&registers, coexist_uc_registers(ucontext), sizeof registers);
  seen += (uint64_t)coexist_registers_differ(coexist_uc_registers(ucontext), &registers);
  seen += coexist_uc_bp(ucontext);
  seen += coexist_uc_pc(ucontext) + coexist_uc_sp(ucontext) + coexist_uc_trap(ucontext);
  seen += *coexist_uc_mask(ucontext) + *coexist_uc_link(ucontext) + coexist_info_address(info);
  seen += coexist_frame_size(ucontext);
  seen += coexist_frame_relocate((uint64_t)copy, ucontext, info);
}

static void handler(int signal, siginfo_t *info, void *ucontext) {
  static char room[65536] __attribute__((aligned(64)));
  (void)signal;
  frames(ucontext, room + sizeof room, info);
}

static void unsafe(void) COEXIST_SIGSAFE {
  typedef void *(*unchecked)(size_t) COEXIST_SIGSAFE;
  seen += (uint64_t)((unchecked)malloc)(16);
}

int main(int argc, char **argv) {
  coexist_real.sigaction = sigaction;
  coexist_real.sigaltstack = sigaltstack;
  if (argc > 1 && strcmp(argv[1], "--self-test") == 0) unsafe();
  objects();
  machine();
  timers(), collectors();
  contexts(), biased(), donors();
  signals();
  coexist_rcu_register();
  signals();
  struct sigaction act = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR2, &act, 0);
  raise(SIGUSR2);
  if (JVM_get_signal_action(SIGSEGV) == 0) return 1;
  puts("no call that may block");
}

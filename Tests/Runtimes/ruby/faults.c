// Embeds Ruby: starts the VM and evaluates a script, as an application with a Ruby plug-in does.
#include <ruby.h>

int rb_start(void) {
    ruby_init_stack(__builtin_frame_address(0));
    if (ruby_setup()) return -1;
    ruby_script("emb");
    ruby_init_loadpath();
    return 0;
}

// Returns what SCRIPT evaluates to, an Integer, or -1 after an exception.
int rb_run(const char *script) {
    int state = 0;
    VALUE result = rb_eval_string_protect(script, &state);
    if (!state) return NUM2INT(result);
    rb_set_errinfo(Qnil);
    return -1;
}

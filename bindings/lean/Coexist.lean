/-!
Stacks of coexist for Lean 4: a computation that recurses deeply runs on a stack of any size, on any
thread, also on a host's. Without libcoexist.so preloaded it runs where it is. Link coexist.c.

    #eval Coexist.onStack (1 <<< 30) fun _ => deep 1000000
-/
namespace Coexist

/-- Is this process run under coexist? -/
@[extern "coexist_lean_present"]
opaque present : Unit → Bool

/-- `f ()`, on a stack of at least so many bytes and a guard page. Pages cost memory once they are used.
When there is no memory for a stack, `f ()` runs where it is. -/
@[extern "coexist_lean_on_stack"]
def onStack {α : Type} (bytes : USize) (f : Unit → α) : α := f Unit.unit

end Coexist


@[noinline] def useStack (bytes : USize) (f : Unit → Bool) : Bool := Coexist.onStack bytes f
@[noinline] def usePresent (u : Unit) : Bool := Coexist.present u

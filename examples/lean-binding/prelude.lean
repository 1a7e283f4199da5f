prelude
-- What Coexist.lean takes from Lean's library, which the wheel lacks: with it, Lean's own compiler
-- says how it calls the functions of bindings/lean.
unsafe axiom lcErased : Type
unsafe axiom lcAny : Type
unsafe axiom lcProof {p : Prop} : p
inductive Unit : Type where
  | unit : Unit
inductive Bool : Type where
  | false : Bool
  | true : Bool
class Inhabited (α : Sort u) where
  default : α
instance : Inhabited Bool := Inhabited.mk Bool.false
instance {α : Sort u} {β : Sort v} [h : Inhabited β] : Inhabited (α → β) :=
  Inhabited.mk (fun _ => Inhabited.default)
structure USize where
  bits : Bool

(* OCaml at work: trees for both of its collectors, exceptions, threads, a deep recursion. *)
type node = Leaf | Node of node * node

let rec tree depth = if depth = 0 then Leaf else Node (tree (depth - 1), tree (depth - 1))
let rec count = function Leaf -> 1 | Node (left, right) -> 1 + count left + count right
let rec deep n = if n = 0 then 0 else 1 + deep (n - 1)

let part () =
  let sum = ref 0 in
  for _ = 1 to 160 do sum := !sum + count (tree 15) done;
  for i = 1 to 9_000_000 do
    try if i land 3 = 0 then raise Not_found with Not_found -> incr sum
  done;
  let table = Hashtbl.create 100 in
  for i = 1 to 1_500_000 do Hashtbl.replace table (i * 31 mod 5003) (string_of_int i) done;
  !sum + Hashtbl.length table + deep 50_000

let () =
  let sums = Array.make 2 0 in
  let threads = List.init 2 (fun i -> Thread.create (fun () -> sums.(i) <- part ()) ()) in
  List.iter Thread.join threads;
  Printf.printf "%d\n" (sums.(0) + sums.(1))

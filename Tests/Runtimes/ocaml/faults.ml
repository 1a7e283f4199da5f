(* Deliberate OCaml stack overflows, and work for its collector. Each returns 0 when all was right. *)

let rec deep n = if n = max_int then 0 else 1 + deep (n + 1)

let rec repeat n f = if n = 0 then 0 else match f () with 0 -> repeat (n - 1) f | wrong -> wrong

let overflow () =
  match deep 0 with
  | _ -> 1
  | exception Stack_overflow -> if List.length (List.init 1000 Fun.id) = 1000 then 0 else 2

let churn () =
  let table = Hashtbl.create 16 in
  for i = 1 to 200_000 do
    Hashtbl.replace table (i mod 1000) (string_of_int i)
  done;
  Gc.compact ();
  if Hashtbl.length table = 1000 && Hashtbl.find table 0 = "200000" then 0 else 3

let () =
  Callback.register "so" (fun () -> repeat 2 overflow);
  Callback.register "churn" churn

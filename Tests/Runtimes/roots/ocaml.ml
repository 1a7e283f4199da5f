(* What ocaml.c asks of OCaml: objects, and collections that move them. *)

let make number = String.make 40 (Char.chr (number land 255))

let is_whole text number =
  String.length text = 40 && String.for_all (fun c -> Char.code c = number land 255) text

let collect () =
  for round = 1 to 3 do
    ignore (Sys.opaque_identity (List.init 3000 (fun n -> make (n + round))));
    Gc.compact ()
  done

let work number =
  let mine = Array.init 64 (fun i -> make (number + i)) in
  for i = 1 to 2000 do ignore (Sys.opaque_identity (make i)) done;
  let bad = ref 0 in
  Array.iteri (fun i text -> if not (is_whole text (number + i)) then incr bad) mine;
  !bad

let () =
  ignore (Thread.self ());
  Callback.register "make" make;
  Callback.register "is_whole" is_whole;
  Callback.register "collect" collect;
  Callback.register "work" work;
  Callback.register "compact" Gc.compact;
  Callback.register "live" (fun () -> (Gc.stat ()).Gc.live_words * 8)

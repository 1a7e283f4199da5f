%% Erlang as the host: a NIF loads another runtime as a shared object, then checks of both are run.
%%
%%     erl -noshell -pa FOLDER -s host main jvm/erlang-exits
%%
%% The part before the slash says what is loaded, the part after it what is checked. Each prints
%% 'RESULT True at CASE' or 'RESULT False at CASE'; exit status 0 or 3.
-module(host).
-export([main/1, init/1, handle_event/2, handle_call/2]).
-behaviour(gen_event).

-on_load(load/0).
-nifs([call/3, long_call/3, text/2]).

load() -> erlang:load_nif(filename:join(filename:dirname(code:which(?MODULE)), "host"), 0).
call(_, _, _) -> erlang:nif_error(not_loaded).
long_call(_, _, _) -> erlang:nif_error(not_loaded).
text(_, _) -> erlang:nif_error(not_loaded).

runtimes() -> filename:absname(filename:join([filename:dirname(code:which(?MODULE)), "..", ".."])).
built(Path) -> filename:join([runtimes(), "built", Path]).

%% ---- what Erlang itself does with signals and children

%% SIGTERM is a message to who asked for it.
term() ->
    ok = gen_event:swap_handler(erl_signal_server, {erl_signal_handler, []}, {?MODULE, self()}),
    ok = os:set_signal(sigterm, handle),
    lists:all(fun(_) ->
        os:cmd("kill -TERM " ++ os:getpid()),
        receive sigterm -> true after 3000 -> false end
    end, lists:seq(1, 3)).

init({Self, _}) -> {ok, Self}.
handle_event(Signal, Self) -> Self ! Signal, {ok, Self}.
handle_call(_, Self) -> {ok, ok, Self}.

%% A port brings the exit status of its program.
exits() ->
    lists:all(fun(Status) ->
        Port = open_port({spawn, "sh -c 'exit " ++ integer_to_list(Status) ++ "'"}, [exit_status]),
        receive {Port, {exit_status, Status}} -> true after 3000 -> false end
    end, lists:seq(1, 20)).

%% Processes allocate on all schedulers while others are collected.
collect() ->
    Self = self(),
    Work = fun(N) -> Self ! {N, lists:sum([length(lists:seq(1, N)) || _ <- lists:seq(1, 200)])} end,
    [spawn(fun() -> Work(N) end) || N <- lists:seq(1, 200)],
    lists:all(fun(N) ->
        [erlang:garbage_collect(P) || P <- processes(), N rem 20 == 0],
        receive {N, Sum} -> Sum == 200 * N end
    end, lists:seq(1, 200)).

%% ---- the runtimes that are loaded

start_jvm() ->
    0 == call(built("jvm/libjvmhost.so"), "jvmhost_start",
              [filename:join(runtimes(), "jdk17/lib/server/libjvm.so"), built("jvm")]).
java(Check) -> 0 == long_call(built("jvm/libjvmhost.so"), "jvmhost_check", [Check]).
java_here(Check) -> 0 == call(built("jvm/libjvmhost.so"), "jvmhost_check", [Check]).

go(Function) -> long_call(built("go/libgo127.so"), Function, []).
go_nil() -> nomatch =/= string:find(text(built("go/libgo127.so"), "FaultsNil"), "nil pointer", leading).

start_ocaml() -> call(built("ocaml/liboc.so"), "oc_start", []), true.
ocaml(Check) -> 0 == call(built("ocaml/liboc.so"), "oc_check", [Check]).

%% Its signals come while compiled code runs on the processes' own stacks.
plain_storm() ->
    0 = call(built("erlang/libplain.so"), "plain_start", []),
    Self = self(),
    spawn(fun() -> Self ! {came, long_call(built("erlang/libplain.so"), "plain_storm", [])} end),
    collect_until_came().

collect_until_came() ->
    receive {came, Count} -> Count > 0
    after 0 -> collect() andalso collect_until_came()
    end.

%% ---- the cases

check('alone') -> exits() andalso collect() andalso term();
check('jvm') -> start_jvm() andalso java("npe") andalso java("div") andalso java("gc");
check('jvm/jvm-on-scheduler') -> start_jvm() andalso java_here("npe") andalso java_here("gc");
check('jvm/jvm-overflow') -> start_jvm() andalso java("so") andalso java("sot");
check('jvm/jvm-exits') -> start_jvm() andalso java("exits");
check('jvm/erlang-term') -> start_jvm() andalso term();
check('jvm/erlang-gc') -> start_jvm() andalso collect() andalso exits() andalso java("npe");
check('go') -> 42 == go("FaultsCall") andalso go_nil();
check('go/go-exits') -> 42 == go("FaultsCall") andalso 0 == go("FaultsExits");
check('go/erlang-term') -> 42 == go("FaultsCall") andalso term() andalso go_nil();
check('go-jvm') -> 42 == go("FaultsCall") andalso start_jvm() andalso java("npe") andalso go_nil();
check('plain/erlang-gc') -> plain_storm();
check('ocaml') -> start_ocaml() andalso ocaml("churn") andalso exits();
check('ocaml-jvm') -> start_jvm() andalso start_ocaml() andalso java("npe").

main([Name]) ->
    Passed = try check(Name) catch Class:Problem:Stack ->
        io:format(standard_error, "~p ~p~n~p~n", [Class, Problem, Stack]), false
    end,
    io:format("RESULT ~s at ~s~n", [case Passed of true -> "True"; _ -> "False" end, Name]),
    erlang:halt(case Passed of true -> 0; _ -> 3 end).

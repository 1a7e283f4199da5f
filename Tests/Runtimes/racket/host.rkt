#lang racket/base
;; Racket CS as the host: loads another runtime as a shared object, then runs checks of both.
;;
;;     racket host.rkt jvm/racket-fault
;;
;; The part before the slash says what is loaded, the part after it what is checked. Each prints
;; 'RESULT True at CASE' or 'RESULT False at CASE'; exit status 0 or 3.
(require ffi/unsafe racket/runtime-path)

(define-runtime-path runtimes "../../../.runtimes")
(define name (vector-ref (current-command-line-arguments) 0))

(define (built path) (build-path runtimes "built" path))
(define (function library symbol type) (get-ffi-obj symbol (ffi-lib library #:global? #t) type))

;;; ---- what Racket itself does with signals

;; A read of what is not mapped is an exception (Chez Scheme c/schsig.c).
(define (fault)
  (for/and ([_ 3])
    (define said
      (with-handlers ([exn:fail? exn-message])
        (ptr-ref (cast 8 _intptr _pointer) _int)))
    (and (string? said) (regexp-match? #rx"invalid memory reference" said)
         (= (length (build-list 1000 values)) 1000))))

;; Ctrl-C is an exception, too.
(define kill (function #f "kill" (_fun _int _int -> _int)))
(define getpid (function #f "getpid" (_fun -> _int)))
(define (break)
  (for/and ([_ 3])
    (with-handlers ([exn:break? (lambda (_) #t)])
      (kill (getpid) 2)
      (sleep 5)
      #f)))

;; Collects while other threads of Racket's allocate, then looks at data of every generation.
(define (collect)
  (define kept (build-list 1000 number->string))
  (define worker (thread (lambda () (let loop () (make-vector 1000) (loop)))))
  (for ([_ 10]) (collect-garbage) (sleep 0))
  (kill-thread worker)
  (for/and ([text kept] [n (in-naturals)]) (string=? text (number->string n))))

;;; ---- the runtimes that are loaded

(define (start-jvm)
  (define start (function (built "jvm/libjvmhost.so") "jvmhost_start" (_fun _path _path -> _int)))
  (zero? (start (build-path runtimes "jdk17/lib/server/libjvm.so") (built "jvm"))))
(define (java check)
  (zero? ((function (built "jvm/libjvmhost.so") "jvmhost_check" (_fun _string -> _int)) check)))

(define (go symbol) (function (built "go/libgo127.so") symbol (_fun -> _int)))
(define (go-nil)
  (regexp-match? #rx"nil pointer"
                 ((function (built "go/libgo127.so") "FaultsNil" (_fun -> _string)))))

(define (start-ocaml)
  ((function (built "ocaml/liboc.so") "oc_start" (_fun -> _void))))
(define (ocaml check)
  (zero? ((function (built "ocaml/liboc.so") "oc_check" (_fun _string -> _int)) check)))

(define (start-glog)
  ((function (built "glog/libglogstart.so") "glog_start" (_fun -> _void))))

;;; ---- the cases

(define cases
  (hash
   "alone" (lambda () (and (fault) (break) (collect)))
   "jvm" (lambda () (and (start-jvm) (java "npe") (java "div") (java "gc") (java "exits")))
   "jvm/racket-fault" (lambda () (and (start-jvm) (fault) (java "npe")))
   "jvm/racket-break" (lambda () (and (start-jvm) (break)))
   "jvm/racket-gc" (lambda () (and (start-jvm) (collect) (java "gc")))
   "go" (lambda () (and (= ((go "FaultsCall")) 42) (go-nil)))
   "go/racket-fault" (lambda () (and (= ((go "FaultsCall")) 42) (fault) (go-nil)))
   "ocaml" (lambda () (start-ocaml) (and (ocaml "so") (ocaml "churn")))
   "ocaml/racket-fault" (lambda () (start-ocaml) (and (fault) (ocaml "so")))
   "glog/racket-fault" (lambda () (start-glog) (fault))))

(define check (hash-ref cases name (lambda () (error "no such case; there are" (hash-keys cases)))))
(define passed
  (with-handlers ([exn:fail? (lambda (e) ((error-display-handler) (exn-message e) e) #f)])
    (check)))
(printf "RESULT ~a at ~a\n" (if passed "True" "False") name)
(flush-output)
(exit (if passed 0 3))

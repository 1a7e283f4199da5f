;;; SBCL as the host: loads another runtime as a shared object, then runs checks of both.
;;;
;;;     sbcl --noinform --no-sysinit --no-userinit --disable-debugger --load host.lisp \
;;;         --end-toplevel-options jvm/sbcl-memory-fault
;;;
;;; The part before the slash says what is loaded, the part after it what is checked. Each prints
;;; 'RESULT True at CASE' or 'RESULT False at CASE'; exit status 0 or 3.

(defvar *case* (car (last sb-ext:*posix-argv*)))
(defvar *runtimes*
  (namestring (merge-pathnames "../../../.runtimes/" (make-pathname :name nil :type nil
                                                                    :defaults *load-truename*))))

(defun built (path) (concatenate 'string *runtimes* "built/" path))

(defun check-failed (control &rest arguments)
  (format *error-output* "~&~?~%" control arguments)
  nil)

(defun on-new-thread (function)
  "Lisp's main thread has a stack of its own that the kernel's bounds do not describe."
  (sb-thread:join-thread (sb-thread:make-thread function)))

;;; ---- what SBCL itself does with faults

(defvar *byte* 0 "Where a read goes, so that the compiler keeps it.")

(defun memory-fault ()
  (loop repeat 3
        always (handler-case
                   (progn (setf *byte* (sb-sys:sap-ref-8 (sb-sys:int-sap 8) 0))
                          (check-failed "no fault"))
                 (sb-sys:memory-fault-error () (= (length (make-list 1000)) 1000)))))

(defun descend (n)
  (declare (notinline descend))
  (1+ (descend (1+ n))))

(defun stack-exhausted ()
  (loop repeat 3
        always (handler-case (progn (descend 0) (check-failed "no overflow"))
                 (sb-kernel::control-stack-exhausted () (= (length (make-list 1000)) 1000)))))

(defun collect ()
  "Collects while another Lisp thread allocates, then looks at data of every generation."
  (let* ((stop nil)
         (kept (loop for i below 1000 collect (format nil "~D" i)))
         (thread (sb-thread:make-thread
                  (lambda () (loop until stop do (make-array 1000))))))
    (loop repeat 5 do (sb-ext:gc :full t) (setf (first kept) (copy-seq "0")) (sleep 0.01))
    (setf stop t)
    (sb-thread:join-thread thread)
    (loop for text in kept for i from 0 always (string= text (format nil "~D" i)))))

(defun interrupt ()
  (let* ((answer nil)
         (stop nil)
         (thread (sb-thread:make-thread (lambda () (loop until stop do (sleep 0.01))))))
    (sb-thread:interrupt-thread thread (lambda () (setf answer 42)))
    (sleep 1)
    (setf stop t)
    (sb-thread:join-thread thread)
    (eql answer 42)))

;;; ---- the runtimes that are loaded

(defun start-jvm ()
  (sb-alien:load-shared-object (built "jvm/libjvmhost.so"))
  (zerop (sb-alien:alien-funcall
          (sb-alien:extern-alien "jvmhost_start" (function sb-alien:int sb-alien:c-string
                                                           sb-alien:c-string))
          (concatenate 'string *runtimes* "jdk17/lib/server/libjvm.so")
          (built "jvm"))))

(defun java (name)
  (zerop (sb-alien:alien-funcall
          (sb-alien:extern-alien "jvmhost_check" (function sb-alien:int sb-alien:c-string)) name)))

(defun start-go () (sb-alien:load-shared-object (built "go/libgo127.so")))

(defun go-call ()
  (eql 42 (sb-alien:alien-funcall (sb-alien:extern-alien "FaultsCall" (function sb-alien:int)))))

(defun go-nil ()
  (search "nil pointer"
          (sb-alien:alien-funcall
           (sb-alien:extern-alien "FaultsNil" (function sb-alien:c-string)))))

(defun collect-while-in-go ()
  "Another Lisp thread is inside a Go call of about a second when the world is stopped."
  (let ((thread (sb-thread:make-thread
                 (lambda ()
                   (sb-alien:alien-funcall
                    (sb-alien:extern-alien "FaultsBusy" (function sb-alien:int)))))))
    (loop repeat 8 do (sleep 0.1) (sb-ext:gc :full t))
    (sb-thread:join-thread thread)
    t))

(defun start-ocaml ()
  (sb-alien:load-shared-object (built "ocaml/liboc.so"))
  (sb-alien:alien-funcall (sb-alien:extern-alien "oc_start" (function sb-alien:void))))

(defun start-glog ()
  (sb-alien:load-shared-object (built "glog/libglogstart.so"))
  (sb-alien:alien-funcall (sb-alien:extern-alien "glog_start" (function sb-alien:void))))

;;; ---- the cases

(defun with-jvm (function)
  "Starts the JVM on a thread of its own, as a JVM in a Lisp host must be."
  (on-new-thread (lambda () (and (start-jvm) (java "npe") (funcall function)))))

(defvar *cases*
  (list
   (cons "alone" (lambda () (and (memory-fault) (stack-exhausted) (collect) (interrupt))))
   (cons "jvm-on-main-thread" (lambda () (and (start-jvm) (java "npe"))))
   (cons "jvm" (lambda () (with-jvm (lambda () (and (java "div") (java "gc"))))))
   (cons "jvm-stackoverflow" (lambda () (with-jvm (lambda () (java "so")))))
   (cons "jvm/sbcl-gc" (lambda () (with-jvm (lambda () t)) (collect)))
   (cons "jvm/sbcl-stack-exhausted" (lambda () (with-jvm (lambda () t)) (stack-exhausted)))
   (cons "jvm/sbcl-memory-fault" (lambda () (with-jvm (lambda () t)) (memory-fault)))
   (cons "go" (lambda () (start-go) (and (go-call) (go-nil))))
   (cons "go/sbcl-interrupt-thread" (lambda () (start-go) (and (go-call) (interrupt))))
   (cons "go/sbcl-gc-while-in-go" (lambda () (start-go) (and (go-call) (collect-while-in-go))))
   (cons "ocaml/sbcl-memory-fault" (lambda () (start-ocaml) (memory-fault)))
   (cons "ocaml/sbcl-gc" (lambda () (start-ocaml) (and (collect) (memory-fault))))
   (cons "glog/sbcl-memory-fault" (lambda () (start-glog) (memory-fault)))))

(let* ((entry (or (assoc *case* *cases* :test #'string=)
                  (error "no case ~A; there are ~{~A~^ ~}" *case* (mapcar #'car *cases*))))
       (passed (handler-case (funcall (cdr entry))
                 (error (problem) (check-failed "~A" problem)))))
  (format t "~&RESULT ~A at ~A~%" (if passed "True" "False") *case*)
  (finish-output)
  (sb-ext:exit :code (if passed 0 3) :abort t))

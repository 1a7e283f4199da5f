;; SBCL at work: conses for its collector, which protects pages and takes the faults; conditions.
(defun tree (depth) (unless (zerop depth) (cons (tree (1- depth)) (tree (1- depth)))))
(defun leaves (node) (if node (+ (leaves (car node)) (leaves (cdr node))) 1))

(let ((sum 0) (old (make-array 2000 :initial-element nil)))
  (dotimes (i 240)
    (incf sum (leaves (tree 15)))
    (setf (svref old i) (tree 10)))
  (dotimes (i 9000000) (setf (svref old (mod i 2000)) (list i i)))
  (dotimes (i 400000) (incf sum (handler-case (/ 1 (mod i 2)) (division-by-zero () 1))))
  (let ((table (make-hash-table :test 'equal)))
    (dotimes (i 600000) (incf (gethash (format nil "~d" (mod (* i 31) 5003)) table 0)))
    (format t "~d~%" (+ sum (hash-table-count table)))))

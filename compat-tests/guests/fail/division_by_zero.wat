;; Divides by zero: a SIGFPE on some processors.
(func $fail (drop (i32.div_s (i32.const 1) (i32.const 0))))

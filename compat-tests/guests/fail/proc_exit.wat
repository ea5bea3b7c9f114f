;; Ends itself as a program would.
(func $fail (call $proc_exit (i32.const 3)))

;; Has the host read from where there is no memory.
(func $fail (drop (call $ap_log_error (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 0) (i32.const -1) (i32.const -1))))

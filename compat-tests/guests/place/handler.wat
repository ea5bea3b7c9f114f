;; A content handler that writes, flushes if `@FLUSH@` is 1, and then fails.
(data (i32.const 512) "This is only the beginning of the answer.\0a\00")
(func (export "apache_module") (call $named))
(func (export "ap_hook_handler") (param i32) (result i32)
  (if (i32.eqz (call $asked)) (then (return (i32.const -1))))
  (drop (call $ap_rwrite (i32.const 0) (i32.const 512) (call $length (i32.const 512))))
  (if (i32.const @FLUSH@) (then (drop (call $ap_rflush (i32.const 0)))))
  (call $fail)
  (i32.const 0))

;; Answers with `@TEXT@` when asked to.
(data (i32.const 512) "@TEXT@\00")
(func (export "apache_module") (call $named))
(func (export "ap_hook_handler") (param i32) (result i32)
  (if (i32.eqz (call $asked)) (then (return (i32.const -1))))
  (drop (call $ap_rwrite (i32.const 0) (i32.const 512) (call $length (i32.const 512))))
  (i32.const 0))

;; Logs `@LINES@` lines at level `@LEVEL@` when asked to.
(data (i32.const 512) "a line of many\00")
(func (export "apache_module") (call $named))
(func (export "ap_hook_fixups") (param i32) (result i32) (local $i i32)
  (if (i32.eqz (call $asked)) (then (return (i32.const -1))))
  (loop $again
    (drop (call $ap_log_error (i32.const 0) (i32.const 16) (i32.const 3) (i32.const 7) (i32.const @LEVEL@) (i32.const 0) (i32.const 512) (call $length (i32.const 512))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $again (i32.lt_u (local.get $i) (i32.const @LINES@))))
  (i32.const -1))

;; Answers `@ANSWER@` in the hook `@HOOK@` when asked to; otherwise declines.
(func (export "apache_module") (call $named))
(func (export "ap_hook_@HOOK@") (param i32) (result i32)
  (if (result i32) (call $asked) (then (i32.const @ANSWER@)) (else (i32.const -1))))

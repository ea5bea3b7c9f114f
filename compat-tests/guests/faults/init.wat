;; What is run when an instance is made, `@EXPORT@`: it fails if there is a file `now` in the first directory that it is given.
(data (i32.const 512) "now")
(func $init
  (if (i32.eqz (call $path_open (i32.const 3) (i32.const 0) (i32.const 512) (i32.const 3) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 520)))
    (then (call $fail))))
@EXPORT@
(func (export "apache_module") (call $named))
(func (export "ap_hook_fixups") (param i32) (result i32) (i32.const -1))

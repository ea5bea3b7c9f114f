;; A hook.
(func (export "apache_module") (call $named))
(func (export "ap_hook_@HOOK@") (param i32) (result i32) (call $maybe) (i32.const -1))

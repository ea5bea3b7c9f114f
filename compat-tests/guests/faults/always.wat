;; A hook without a request that fails each time.
(func (export "apache_module") (call $named))
(func (export "ap_hook_@HOOK@") (param i32) (result i32) (call $fail) (i32.const 0))

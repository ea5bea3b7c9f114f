;; An input filter that fails at event `@EVENT@` (0 start, 1 data, 3 end).
(data (i32.const 512) "@NAME@\00")
(func (export "apache_module")
  (call $named)
  (drop (call $ap_module_input_filter (i32.const 512) (call $length (i32.const 512)) (i32.const 10))))
(func (export "ap_hook_insert_filter") (param i32) (result i32)
  (if (call $asked) (then
    (drop (call $ap_add_input_filter (i32.const 0) (i32.const 512) (call $length (i32.const 512))))))
  (i32.const 0))
(func (export "ap_input_filter") (param $number i32) (param $id i32) (param $r i32) (param $event i32) (param $length i32) (result i32)
  (if (i32.eq (local.get $event) (i32.const @EVENT@)) (then (call $fail)))
  (i32.const 0))

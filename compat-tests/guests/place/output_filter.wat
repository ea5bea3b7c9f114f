;; An output filter that fails at event `@EVENT@` (0 start, 1 data, 2 flush, 3 end), on the chunk of number `@CHUNK@`.
(data (i32.const 512) "@NAME@\00")
(global $chunk (mut i32) (i32.const 0))
(func (export "apache_module")
  (call $named)
  (drop (call $ap_module_output_filter (i32.const 512) (call $length (i32.const 512)) (i32.const 10))))
(func (export "ap_hook_insert_filter") (param i32) (result i32)
  (if (call $asked) (then
    (global.set $chunk (i32.const 0))
    (drop (call $ap_add_output_filter (i32.const 0) (i32.const 512) (call $length (i32.const 512))))))
  (i32.const 0))
(func (export "ap_output_filter") (param $number i32) (param $id i32) (param $r i32) (param $event i32) (param $length i32) (result i32)
  (if (i32.eq (local.get $event) (i32.const @EVENT@)) (then
    (if (i32.eq (global.get $chunk) (i32.const @CHUNK@)) (then (call $fail)))
    (global.set $chunk (i32.add (global.get $chunk) (i32.const 1)))))
  (i32.const 0))

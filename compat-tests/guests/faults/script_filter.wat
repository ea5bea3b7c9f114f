;; A function of a script that is a filter, at event `@EVENT@` (0 start, 1 data, 3 end), from the chunk of number `@CHUNK@` on.
(global $chunk (mut i32) (i32.const 0))
(func (export "f") (param $body i32) (param $r i32) (param $event i32) (param $length i32) (result i32)
  (if (i32.eqz (local.get $event)) (then (global.set $chunk (i32.const 0))))
  (if (i32.eq (local.get $event) (i32.const @EVENT@)) (then
    (if (i32.ge_u (global.get $chunk) (i32.const @CHUNK@)) (then (call $maybe)))
    (global.set $chunk (i32.add (global.get $chunk) (i32.const 1)))))
  (i32.const 0))

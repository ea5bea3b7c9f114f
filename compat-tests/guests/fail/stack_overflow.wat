;; Calls itself until the stack is used up.
(func $deep (param i64) (result i64) (i64.add (call $deep (i64.add (local.get 0) (i64.const 1))) (local.get 0)))
(func $fail (drop (call $deep (i64.const 0))))

;; Calls a function pointer that is null.
(type $nothing (func))
(table $calls 1 funcref)
(func $fail (call_indirect $calls (type $nothing) (i32.const 0)))

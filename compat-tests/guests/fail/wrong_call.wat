;; Calls a function pointer of another type.
(type $nothing (func))
(type $number (func (result i32)))
(table $calls funcref (elem $other))
(func $other (type $number) (i32.const 1))
(func $fail (call_indirect $calls (type $nothing) (i32.const 0)))

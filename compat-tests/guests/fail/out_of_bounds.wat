;; Reads past the end of its memory.
(func $fail (drop (i32.load (i32.const -16))))

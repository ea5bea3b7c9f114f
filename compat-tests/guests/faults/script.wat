;; A function `@F@` of a script to which a request is passed, and that answers `@ANSWER@`; `@BEFORE@` is what it does before it fails.
(data (i32.const 512) "This is only the beginning.\0a\00")
(func (export "@F@") (param i32) (result i32) @BEFORE@ (call $maybe) (i32.const @ANSWER@))

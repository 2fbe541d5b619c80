/**
 * Whether `text` without quotes is that string, anywhere in a block or flow collection, for readers
 * of YAML 1.1 and of YAML 1.2. Strict on purpose: unnecessary quotes do no harm.
 */
export function isPlainString(text: string): boolean {
  // the usual case: names, paths and images
  if (/^[A-Za-z][\w./@-]*(?::[\w./@-]+)*$/.test(text)) return !word.test(text)
  if (
    text.includes(': ') ||
    /^(?:[\s\-?:,[\]{}#&*!|>'"%@`]|\.\.\.)/.test(text) ||
    /[,[\]{}]|:$| #|\s$/.test(text)
  )
    return false
  if (/[\p{C}\p{Zl}\p{Zp}\t]/u.test(text)) return false
  return text !== '' && !word.test(text) && !readOtherwise.some(pattern => pattern.test(text))
}

const word = /^(?:~|null|y|yes|n|no|true|false|on|off|<<|=)$/i

/**
 * How YAML 1.1 (yaml.org/type, and go-yaml, which reads more) and the 1.2 core schema write other
 * values than strings.
 */
const readOtherwise = [
  /^[-+]?0b[01_]+$/i,
  /^[-+]?0o?[0-7_]+$/i,
  /^[-+]?0x[0-9a-f_]+$/i,
  /^[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?$/i,
  /^[-+]?\.[0-9][0-9_]*(?:e[-+]?[0-9]+)?$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt\s])/,
]

import { joinParts, type Part, type Word } from './script.ts'

/** What is known of the variables of a shell; null where something was set that is not known. */
export type Variables = ReadonlyMap<string, Word | null>

/** Words that lists in braces are taken apart into; more stay unknown. */
const mostWords = 64

/** The words a command gets for one that was written: lists in braces, then variables that are known; others stay unknown. */
export function expandWord(word: Word, variables: Variables): readonly Word[] {
  if (word.every(({ kind }) => kind !== 'variable' && kind !== 'choice')) return [word]
  return spread(word).flatMap((one) => replaceVariables(one, variables))
}

/** The same for a value, which no blank takes apart. */
export function expandValue(word: Word, variables: Variables): Word {
  const whole = word.map((part) => (part.kind === 'variable' ? { ...part, quoted: true } : part))
  return joinParts(whole.flatMap((part) => replaceVariables([part], variables)[0] ?? []))
}

function spread(word: Word): readonly Word[] {
  const count = word.reduce((product, part) => product * (part.kind === 'choice' ? part.texts.length : 1), 1)
  if (count > mostWords) return [word.map((part): Part => (part.kind === 'choice' ? { kind: 'unknown' } : part))]
  // each in one pass, as a number whose digits say which of its lists' words it has: a word may be thousands of parts long
  return Array.from({ length: count }, (_, number) => {
    let [rest, size] = [number, count]
    return word.map((part): Part => {
      if (part.kind !== 'choice') return part
      size /= part.texts.length
      const text = part.texts[Math.floor(rest / size)] ?? ''
      rest %= size
      return { kind: 'text', text }
    })
  })
}

function replaceVariables(word: Word, variables: Variables): readonly Word[] {
  const done: Word[] = []
  let open: Part[] = []
  let isWord = false
  for (const part of word) {
    const value = part.kind === 'variable' ? (variables.get(part.name) ?? null) : [part]
    if (value === null) {
      open.push({ kind: 'unknown' })
      isWord = true
      continue
    }
    const isSplit = part.kind === 'variable' && !part.quoted
    isWord ||= !isSplit
    for (const piece of value) {
      if (!isSplit || piece.kind !== 'text') {
        open.push(piece)
        isWord = true
        continue
      }
      // as the shell takes an unquoted value apart
      for (const [index, text] of piece.text.split(/[ \t\n]+/).entries()) {
        if (index > 0 && isWord) {
          done.push(joinParts(open))
          open = []
          isWord = false
        }
        if (text === '') continue
        open.push({ kind: 'text', text })
        isWord = true
      }
    }
  }
  return isWord ? [...done, joinParts(open)] : done
}

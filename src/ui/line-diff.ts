/** A line that stayed, went or came. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
}

/** Cells of the table beyond which the middle of two texts is shown as wholly replaced. */
const largestTable = 4_000_000

/** The lines of two texts side by side, as few of them marked as can be: without the `+` the first text, without the `-` the second. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, fresh] = [toLines(before), toLines(after)]
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1
  let tail = 0
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1
  return [
    ...mark(' ', fresh.slice(0, head)),
    ...diffMiddle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...mark(' ', fresh.slice(fresh.length - tail)),
  ]
}

/** Stretches of lines that stayed, far from any change, as one line that counts them. */
export function foldUnchanged(lines: readonly DiffLine[], around = 3): (DiffLine | { readonly unchanged: number })[] {
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ mark }) => mark !== ' ')
  const folded: (DiffLine | { readonly unchanged: number })[] = []
  for (const [index, line] of lines.entries()) {
    const last = folded.at(-1)
    if (near(index)) folded.push(line)
    else if (last !== undefined && 'unchanged' in last) folded[folded.length - 1] = { unchanged: last.unchanged + 1 }
    else folded.push({ unchanged: 1 })
  }
  return folded
}

function diffMiddle(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  if (old.length * fresh.length > largestTable) return [...mark('-', old), ...mark('+', fresh)]
  const width = fresh.length + 1
  // common[i * width + j]: lines the rests of both texts, from i and from j on, have in common
  const common = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      lines.push({ mark: ' ', text: fresh[j] ?? '' })
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push({ mark: '-', text: old[i] ?? '' })
      i += 1
    } else {
      lines.push({ mark: '+', text: fresh[j] ?? '' })
      j += 1
    }
  }
  return [...lines, ...mark('-', old.slice(i)), ...mark('+', fresh.slice(j))]
}

function mark(sign: DiffLine['mark'], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ mark: sign, text }))
}

function toLines(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

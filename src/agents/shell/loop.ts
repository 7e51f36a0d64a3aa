import { findLiteral, type ScriptStep, type ShellCommand } from './script.ts'

const opening = new Set(['for', 'while', 'until', 'select'])
const before = new Set(['if', 'then', 'else', 'elif', 'do', '!', '{', 'while', 'until'])

/** The number of the step that ends the loop which the step `at` begins; -1 where none does. */
export function findLoopEnd(steps: readonly ScriptStep[], at: number): number {
  let level = 0
  for (let index = at; index < steps.length; index += 1) {
    const step = steps[index]
    if (step?.kind !== 'command') continue
    level += countLoops(step.command)
    if (findLiteral(step.command.words[0] ?? []) !== 'done') continue
    level -= 1
    if (level === 0) return index
  }
  return -1
}

function countLoops({ words }: ShellCommand): number {
  let count = 0
  for (const word of words) {
    const text = findLiteral(word) ?? ''
    if (opening.has(text)) count += 1
    if (!before.has(text)) break
  }
  return count
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Choice } from './scripted-person.ts'

/** A slash command as `init` wrote it for Claude Code, followed from top to bottom: each line that is taken lies behind the one before. */
export class CommandFile {
  /** Flags and commands an agent never types by itself, and commands it never types at all. */
  readonly letsGo: readonly string[]
  readonly never: readonly string[]
  readonly #name: string
  readonly #steps: string
  readonly #rules: string
  readonly #left: Set<number>
  #position = 0

  private constructor(name: string, text: string) {
    const [head = '', rules] = text.split(/^## Rules for every call$/m)
    if (rules === undefined) throw new Error(`${name} has no rules`)
    this.#name = name
    this.#steps = head.replace(/^---\n[\s\S]*?\n---\n/, '')
    this.#rules = rules
    this.letsGo = this.#listRules(/^- Never decide for the person what lets go of something/)
    this.never = this.#listRules(/^- Never (?:run|use) /)
    if (this.letsGo.length === 0 || this.never.length === 0) throw new Error(`${name} forbids nothing`)
    this.#left = new Set(this.#listLines('flightrules ').map(({ index }) => index))
  }

  static async read(root: string, name: string): Promise<CommandFile> {
    return new CommandFile(name, await readFile(join(root, '.claude/commands', `${name}.md`), 'utf8'))
  }

  /** The next line that begins with these words, and has others in it, as it is there. */
  take(words: string, others = ''): string {
    const found = this.#listLines(words).find(({ line, index }) => index >= this.#position && line.includes(others))
    if (found === undefined) throw new Error(`${this.#name} has no "${words} … ${others}" from here on:\n${this.#rest}`)
    this.#position = found.index + 1
    this.#left.delete(found.index)
    return found.line
  }

  /** All lines of the next block, which begin with these words. */
  takeBlock(words: string): string[] {
    const block = [...this.#rest.matchAll(/^```\n([\s\S]+?)\n```$/gm)].find(([, content = '']) => content.startsWith(words))
    if (block === undefined) throw new Error(`${this.#name} has no block of "${words}" from here on:\n${this.#rest}`)
    return (block[1] ?? '').split('\n').map((line) => this.take(line))
  }

  /** What the next list of choices offers: a word in bold, and the flag for it where that is another. */
  listChoices(): Choice[] {
    const bullet = /^- \*\*([\w-]+)\*\*(?: \(`([^`]+)`\))?: (.+(?:\n {2}.+)*)/gm
    const found = this.#rest.split(/^## /m).map((step) => [...step.matchAll(bullet)])
    const list = found.find(({ length }) => length > 0)
    if (list === undefined) throw new Error(`${this.#name} offers no choices from here on:\n${this.#rest}`)
    return list.map(([, word = '', flag = word, label = '']) => ({ flag, label }))
  }

  /** Whether the file tells what a refusal is about. */
  explains(code: string): boolean {
    return this.#steps.includes(`\`${code}\``)
  }

  /** What the rules have an agent do at an exit status. */
  adviceFor(status: number): string {
    const row = new RegExp(`^\\| ${status} \\| .+ \\| (.+) \\|$`, 'm').exec(this.#rules)
    if (row?.[1] === undefined) throw new Error(`${this.#name} does not tell what exit status ${status} means`)
    return row[1]
  }

  /** The lines of ours that were not taken. */
  listLeft(): string[] {
    return this.#listLines('flightrules ')
      .filter(({ index }) => this.#left.has(index))
      .map(({ line }) => line)
  }

  get #rest(): string {
    return this.#steps.slice(this.#position)
  }

  /** Lines of a block, and what is in backquotes. */
  #listLines(words: string): { readonly line: string; readonly index: number }[] {
    return [...this.#steps.matchAll(/`((?:flightrules|git) [^`\n]+)`|^((?:flightrules|git) .+)$/gm)]
      .map((found) => ({ line: found[1] ?? found[2] ?? '', index: found.index }))
      .filter(({ line }) => line.startsWith(words))
  }

  #listRules(beginning: RegExp): string[] {
    const rules = this.#rules.match(/^- .+(?:\n {2}.+)*/gm) ?? []
    return rules
      .filter((rule) => beginning.test(rule))
      .flatMap((rule) => [...rule.matchAll(/`([^`]+)`/g)].map(([, what = '']) => what))
  }
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CliResult, type JsonAnswer, runProgram } from '../run-cli.ts'
import { callHooks, type Conversation } from './claude-hooks.ts'
import { CommandFile } from './command-file.ts'
import { fillLine, type Values } from './fill-line.ts'
import type { Choice, ScriptedPerson } from './scripted-person.ts'

/**
 * An agent without a mind: it works in one directory, types what the command files have it type, passes its hooks before each tool it uses, and asks
 * the person whatever the files say a person decides.
 */
export class ScriptedAgent {
  readonly directory: string
  readonly person: ScriptedPerson
  readonly #conversation: Conversation

  private constructor(conversation: Conversation, person: ScriptedPerson) {
    this.directory = conversation.directory
    this.person = person
    this.#conversation = conversation
  }

  /** Begins a conversation; gives the agent, and what it is told of where it is. */
  static async begin(conversation: Conversation, person: ScriptedPerson): Promise<{ agent: ScriptedAgent; told: string }> {
    const told = await callHooks(conversation, 'SessionStart', { source: 'startup', model: 'scripted' })
    return { agent: new ScriptedAgent(conversation, person), told }
  }

  /** The command a person has typed, as the agent reads it where it is. */
  readCommand(name: string): Promise<CommandFile> {
    return CommandFile.read(this.directory, name)
  }

  /** Changes a file, or makes it; gives what the agent is told before. */
  async edit(path: string, change: (text: string) => string): Promise<string> {
    const file = join(this.directory, path)
    const before = await readFile(file, 'utf8').catch(() => '')
    const after = change(before)
    const input = { file_path: file, old_string: before, new_string: after, replace_all: false }
    const told = await this.#pass('Edit', input)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, after)
    return told
  }

  /** Runs a line in its shell; rejects when that does not end well. */
  async shell(command: string): Promise<string> {
    const { status, stdout, stderr } = await this.#type(command)
    if (status !== 0) throw new Error(`${command} ended with ${status}\n${stdout}${stderr}`)
    return stdout
  }

  /** The same where it need not end well; gives what went wrong. */
  async tryShell(command: string): Promise<Error | null> {
    return this.shell(command).then(
      () => null,
      (error: Error) => error,
    )
  }

  /** Runs a line of ours as a file has it, with what the person answers to its refusals, until it is through or refuses without choices. */
  async run(file: CommandFile, line: string, values: Values = {}, decided: readonly string[] = []): Promise<JsonAnswer> {
    const command = fillLine(line, values)
    const answers = [...decided]
    for (let flags = ''; ; flags = `${flags} ${answers.at(-1)}`) {
      const { status, answer } = await this.#call(file, `${command}${flags}`, answers)
      if (answer.ok || answer.error.choices.length === 0) return answer
      const { code, message, choices } = answer.error
      if (!/\bask\b/.test(file.adviceFor(status))) throw new Error(`the file has nobody asked at exit status ${status}`)
      answers.push(this.person.ask({ code, message, choices }))
    }
  }

  /** Runs a line that only looks, and tells what it refuses. */
  async look(file: CommandFile, line: string, values: Values = {}): Promise<JsonAnswer> {
    return (await this.#call(file, fillLine(line, values), [])).answer
  }

  /** Has the person choose. */
  choose(code: string, message: string, choices: readonly Choice[]): string {
    return this.person.ask({ code, message, choices })
  }

  /** Has the person agree, or not. */
  agree(code: string, message: string): boolean {
    const choices = ['yes', 'no'].map((flag) => ({ flag, label: flag }))
    return this.choose(code, message, choices) === 'yes'
  }

  async #call(file: CommandFile, command: string, answers: readonly string[]): Promise<{ status: number; answer: JsonAnswer }> {
    requireAllowed(file, command, answers)
    const { status, stdout } = await this.#type(command)
    const answer = JSON.parse(stdout) as JsonAnswer
    if (answer.ok !== (status === 0)) throw new Error(`${command} ended with ${status} and says ${stdout}`)
    if (!answer.ok && !file.explains(answer.error.code))
      throw new Error(`the file says nothing of ${answer.error.code}, which ${command} ended with: ${answer.error.message}`)
    const findings = answer.findings ?? []
    this.person.told.push(...[...findings, ...(answer.ok ? [] : [answer.error])].map(({ message }) => message))
    return { status, answer }
  }

  async #type(command: string): Promise<CliResult> {
    const told = await this.#pass('Bash', { command })
    if (told !== '') throw new Error(`${command}: ${told}`)
    return runProgram('sh', ['-c', command], { cwd: this.directory, env: this.#conversation.env })
  }

  #pass(tool: string, input: Readonly<Record<string, unknown>>): Promise<string> {
    return callHooks(this.#conversation, 'PreToolUse', { tool_name: tool, tool_input: input, tool_use_id: 'toolu_01' })
  }
}

/** Nothing the rules forbid, and nothing that lets go of something but by an answer to this very question. */
function requireAllowed({ never, letsGo }: CommandFile, command: string, answers: readonly string[]): void {
  const wrong = [...never, ...letsGo].find((what) => command.includes(what) && !answers.some((answer) => answer.includes(what)))
  if (wrong !== undefined) throw new Error(`the rules forbid ${wrong}: ${command}`)
}

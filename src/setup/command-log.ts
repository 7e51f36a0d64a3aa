import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Redactor } from './redact.ts'

/** The file that keeps what commands printed, for the person only (mode 0600). A log that cannot be written stops nothing. */
export class CommandLog {
  readonly #stream: WriteStream
  readonly #redact: readonly string[]

  private constructor(stream: WriteStream, redact: readonly string[]) {
    this.#stream = stream
    this.#redact = redact
  }

  static async open(file: string, redact: readonly string[]): Promise<CommandLog> {
    await mkdir(dirname(file), { recursive: true })
    const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
    stream.on('error', () => {})
    return new CommandLog(stream, redact)
  }

  /** A line of our own. */
  note(text: string): void {
    const redactor = new Redactor(this.#redact)
    this.#write(`${redactor.push(text)}${redactor.flush()}\n`)
  }

  /** A writer for one stream of output: each finds the secrets in its own text. */
  channel(): { write: (chunk: string) => void; close: () => void } {
    const redactor = new Redactor(this.#redact)
    return { write: (chunk) => this.#write(redactor.push(chunk)), close: () => this.#write(redactor.flush()) }
  }

  async close(): Promise<void> {
    if (this.#stream.destroyed) return
    const closed = once(this.#stream, 'close').catch(() => {})
    this.#stream.end()
    await closed
  }

  #write(text: string): void {
    if (text !== '' && this.#stream.writable) this.#stream.write(text)
  }
}

import { lstat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { cutOurs, isNothing } from './cut-ours.ts'
import { type InitRecord, type WrittenFile, emptyInitRecord, loadInitRecord, saveInitRecord, sha256 } from './init-record.ts'

/** Keeps the record of `init` true from one step to the next. */
export class InitLog {
  readonly #main: string
  readonly #commonDir: string
  #record: InitRecord

  private constructor(main: string, commonDir: string, record: InitRecord) {
    this.#main = main
    this.#commonDir = commonDir
    this.#record = record
  }

  static async open(main: string, commonDir: string): Promise<InitLog> {
    return new InitLog(main, commonDir, (await loadInitRecord(commonDir)) ?? emptyInitRecord)
  }

  /** To be called before the file is written: knows then which folders it brings. */
  async noteDirectories(directory: string): Promise<void> {
    const missing: string[] = []
    for (let at = directory; (await lstat(at).catch(() => undefined)) === undefined; at = dirname(at))
      missing.unshift(this.#path(at))
    const known = this.#record.directories
    await this.#save({ directories: [...known, ...missing.filter((path) => !known.includes(path))] })
  }

  /** A file was written. What it held before our first change to it is what `--remove` puts back. */
  async noteWrite(file: string, before: Uint8Array | null, after: Uint8Array, mode: number | null): Promise<void> {
    const path = this.#path(file)
    const earlier = this.#record.files.find((one) => one.path === path)
    const isOurs = earlier !== undefined && before !== null && sha256(before) === earlier.sha256
    const original = isOurs ? earlier.before : before === null ? null : withoutOurs(file, before)
    const entry: WrittenFile = { path, sha256: sha256(after), before: original, modeBefore: isOurs ? earlier.modeBefore : mode }
    await this.#save({ files: [...this.#record.files.filter((one) => one.path !== path), entry] })
  }

  /** Where `init` wrote, absolute. */
  directories(): string[] {
    return this.#record.files.map(({ path }) => dirname(fileFromMain(this.#main, path)))
  }

  async noteMove(from: string, to: string): Promise<void> {
    await this.#save({ moved: [...this.#record.moved, { from: this.#path(from), to: this.#path(to) }] })
  }

  async noteHooksPath(before: string | null, after: string | null): Promise<void> {
    if (before === after) return
    await this.#save({
      hooksPath: { before: this.#record.hooksPath === undefined ? before : this.#record.hooksPath.before, after },
    })
  }

  async #save(change: Partial<InitRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change }
    await saveInitRecord(this.#commonDir, this.#record)
  }

  #path(file: string): string {
    return pathFromMain(this.#main, file)
  }
}

/** Relative to the main worktree, with slashes; absolute where it is not below it. */
export function pathFromMain(main: string, file: string): string {
  const path = relative(main, file)
  return path.startsWith('..') || isAbsolute(path) ? file : path.split(sep).join('/')
}

/** The other way round. */
export function fileFromMain(main: string, path: string): string {
  return isAbsolute(path) ? path : join(main, path)
}

/** What a file held that another clone's `init` had written to already; null where that was all of it. */
function withoutOurs(file: string, bytes: Uint8Array): string | null {
  const cut = cutOurs(file, bytes)
  if (cut !== undefined && isNothing(cut)) return null
  return Buffer.from(cut ?? bytes).toString('base64')
}

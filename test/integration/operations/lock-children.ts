import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleModule } from '../../support/bundle-module.ts'

export interface LockPrograms {
  /** `<common dir> <file> <times>`: adds one to the number in the file so many times, each under the lock. */
  readonly count: string
  /** `<common dir>`: takes the lock, says its process number, and holds it until its input ends. */
  readonly hold: string
}

/** Two programs that use the lock, for processes of their own. */
export async function writeLockPrograms(): Promise<LockPrograms> {
  const module = await bundleModule('src/operations/lock.ts')
  const lead = `import { readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { withLock } from ${JSON.stringify(pathToFileURL(module).href)}
const [commonDir, file, times] = process.argv.slice(2)
`
  const programs = { count: join(dirname(module), 'count.mjs'), hold: join(dirname(module), 'hold.mjs') }
  await writeFile(
    programs.count,
    `${lead}for (let index = 0; index < Number(times); index += 1) {
  await withLock(commonDir, { operation: 'count' }, async () => {
    const value = Number(readFileSync(file, 'utf8'))
    await new Promise((resolve) => setImmediate(resolve))
    writeFileSync(file, String(value + 1))
  })
}
`,
  )
  await writeFile(
    programs.hold,
    `${lead}await withLock(commonDir, { operation: 'hold it' }, async () => {
  process.stdout.write(process.pid + '\\n')
  process.stdin.resume()
  await once(process.stdin, 'end')
})
`,
  )
  return programs
}

export async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null]
  return code
}

/** Starts a process that holds the lock; gives it, and its number, once it does. */
export async function startHolder(command: string, args: readonly string[]): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, pid: Number(chunk.toString()) }
}

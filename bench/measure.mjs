// Runs variants in turn, so that whatever else the machine does meets all of them, and keeps each one's median.
import { spawn, spawnSync } from 'node:child_process'

/** Runs a program to its end, its output dropped. Fails when it does. */
export function run(file, args, { cwd, env, input, accept = [0] }) {
  const { status, error, stderr } = spawnSync(file, args, {
    cwd,
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    input,
  })
  if (error !== undefined) throw error
  if (accept !== 'any' && !accept.includes(status)) throw new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr}`)
}

/** Runs programs, so many at a time. */
export async function runSideBySide(calls, width) {
  let next = 0
  const worker = async () => {
    while (next < calls.length) {
      const { file, args, cwd, env } = calls[next++]
      await new Promise((resolve, reject) => {
        const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] })
        child.stdout.resume()
        child.on('error', reject)
        child.on('close', resolve)
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, calls.length) }, worker))
}

/**
 * Measures variants `{ name: { run, before, after } }` in turn, after one round that does not count.
 * @returns the median in milliseconds by name.
 */
export async function measure(variants, rounds) {
  const names = Object.keys(variants)
  const times = new Map(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    // each round begins elsewhere: nobody always comes after the same neighbour
    for (let index = 0; index < names.length; index += 1) {
      const name = names[(index + Math.max(round, 0)) % names.length]
      const { run: work, before, after } = variants[name]
      await before?.()
      const started = process.hrtime.bigint()
      await work()
      const milliseconds = Number(process.hrtime.bigint() - started) / 1e6
      await after?.()
      if (round >= 0) times.get(name).push(milliseconds)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name))]))
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { resolveExisting } from '../../files/real-path.ts'
import { formatBytes } from '../../ui/bytes.ts'
import { type Check, fail, ok, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

const mebibyte = 1024 * 1024
const little = 1024 * mebibyte
const tooLittle = 100 * mebibyte
const tooFew = 1000

export const diskSpace: Check = {
  id: 'disk-space',
  group: 'disk',
  async run(facts) {
    const places = new Map<string, string>([['the repository', facts.commonDir]])
    const sessions = await findSessionsPlace(facts)
    if (sessions !== undefined && sessions !== facts.commonDir) places.set('the sessions', sessions)
    const verdicts = await Promise.all([...places].map(([what, path]) => judge(what, path)))
    const found = verdicts.filter(({ status }) => status !== 'ok')
    return found.length > 0 ? found : ok(verdicts.map(({ message }) => message).join('; '))
  },
}

/** The sessions directory, or the nearest above it that is there; undefined where the config does not say which it is. */
async function findSessionsPlace(facts: Facts): Promise<string | undefined> {
  const opened = await facts.opened().catch(() => undefined)
  if (opened === undefined) return undefined
  for (let path = await resolveExisting(opened.context.sessionsDir); ; path = dirname(path)) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere || dirname(path) === path) return path
  }
}

async function judge(what: string, path: string): Promise<Verdict> {
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) return fail(`${path} cannot be written to`, `make it writable for you: ls -ld ${path}`)
  const { bavail, bsize, files, ffree } = await statfs(path)
  return judgeRoom(what, path, { bytes: bavail * bsize, files: files > 0 ? ffree : Infinity })
}

/** What is free: bytes, and how many more files the disk takes. */
export function judgeRoom(what: string, path: string, free: { readonly bytes: number; readonly files: number }): Verdict {
  const message = `${formatBytes(free.bytes)} free for ${what}`
  const remedy = 'make room; nothing of Flight Rules is deleted for it'
  if (free.bytes < tooLittle) return fail(`only ${message} (${path})`, remedy)
  if (free.files < tooFew) return warn(`only ${free.files} more files fit on the disk of ${path}`, remedy)
  return free.bytes < little ? warn(`only ${message} (${path})`, remedy) : ok(message)
}

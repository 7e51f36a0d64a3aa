import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { endSession } from '../../../src/sessions/end/end-session.ts'
import { abandoning, type Ended, type EndInput } from '../../../src/sessions/end/end-input.ts'
import type { Engine } from './engine.ts'

/** Merges a session into its base, in this process. */
export async function endByMerge(engine: Engine, id: string, input: Partial<EndInput> = {}): Promise<Ended> {
  const { context } = await engine.open()
  return endSession(context, await engine.session(id), { ...abandoning, strategy: 'merge', ...input })
}

/** Starts a session and commits files in it; gives the session's directory. */
export async function startWithCommit(
  engine: Engine,
  id: string,
  files: Readonly<Record<string, string>> = { [`${id}.txt`]: `${id}\n` },
): Promise<string> {
  const { path } = await engine.start(id)
  for (const [name, content] of Object.entries(files)) await engine.write(join(path, name), content)
  await engine.git(['add', '--all'], path)
  await engine.git(['commit', '--quiet', '--message', `work on ${id}`], path)
  return path
}

/** Installs a hook for all worktrees of the repository. */
export async function installHook(
  engine: Pick<Engine, 'commonDir' | 'write'>,
  name: string,
  lines: readonly string[],
): Promise<void> {
  const file = join(engine.commonDir, 'hooks', name)
  await engine.write(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  await chmod(file, 0o755)
}

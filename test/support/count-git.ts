import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { makeTemporaryDirectory } from './temporary-directory.ts'

export interface GitCounter {
  /** The environment given, with a git on PATH that notes its calls. */
  readonly env: Record<string, string>
  /** Calls since the last time this was asked, each by its first word that is no option. */
  take(): Promise<string[]>
}

/** A git that says it was called and then does what it was asked to. POSIX only. */
export async function makeGitCounter(env: Readonly<Record<string, string>>): Promise<GitCounter> {
  const folder = await makeTemporaryDirectory('counter')
  const [log, path] = [join(folder, 'calls'), env['PATH'] ?? '']
  await mkdir(join(folder, 'bin'))
  await writeFile(
    join(folder, 'bin', 'git'),
    `#!/bin/sh\nfor word; do case $word in -c | *=*) ;; -*) ;; *) printf '%s\\n' "$word" >>'${log}'; break ;; esac; done\nPATH='${path}' exec git "$@"\n`,
  )
  await chmod(join(folder, 'bin', 'git'), 0o755)
  return {
    env: { ...env, PATH: `${join(folder, 'bin')}${delimiter}${path}` },
    async take() {
      const calls = (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((word) => word !== '')
      await writeFile(log, '')
      return calls
    },
  }
}

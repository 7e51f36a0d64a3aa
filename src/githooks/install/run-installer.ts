import { execFile } from 'node:child_process'
import { lstat, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import type { RunStep } from './init-plan.ts'

/** Runs a hook manager's installer. @throws FlightRulesError INSTALLER_FAILED with what it said. */
export async function runInstaller(git: Git, step: RunStep): Promise<void> {
  const env = { ...git.environment, NO_COLOR: '1' }
  const { status, said } = await new Promise<{ status: number; said: string }>((resolve) => {
    const child = execFile(step.program, [...step.args], { cwd: step.cwd, env, windowsHide: true }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ status, said: `${stdout}${stderr}`.trim() || (error?.message ?? '') })
    })
    child.stdin?.end()
  })
  if (status === 0 && !(step.silentOnSuccess && said !== '')) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'INSTALLER_FAILED',
    message: `${step.line} in ${step.cwd} failed${said === '' ? '' : `: ${said}`}`,
    hint: `make it work by hand (${step.line}), then run flightrules init again; it goes on from there`,
    details: { line: step.line, status },
  })
}

/** The regular files directly in some folders, by absolute path. */
export async function readFolders(folders: readonly string[]): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      const file = join(folder, name)
      if ((await lstat(file)).isFile()) files.set(file, await readFile(file))
    }
  }
  return files
}

/** The repository's own setting, as it is written there. */
export async function readLocalHooksPath(git: Git): Promise<string | null> {
  const { status, stdout } = await git.run(['config', '--local', '-z', '--get', 'core.hooksPath'], { accept: [0, 1] })
  return status === 0 ? stdout.replace(/\0$/, '') : null
}

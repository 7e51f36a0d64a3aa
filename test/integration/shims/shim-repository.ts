import { existsSync } from 'node:fs'
import { chmod, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type TestRepository, makeRepository } from '../../support/repository.ts'

export const packageRoot = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** The shells on this machine that hooks may be run with. */
export const shells = [
  { name: 'dash', line: '/usr/bin/dash' },
  { name: 'busybox', line: '/usr/bin/busybox sh' },
  { name: 'bash', line: '/bin/bash' },
].filter(({ line }) => existsSync(line.split(' ')[0] ?? ''))

/** What the stand-in for our binary was called with, one entry a call. */
export interface Call {
  readonly cwd: string
  readonly args: string
  readonly stdin: string
}

export interface ShimRepository extends TestRepository {
  calls(): Promise<Call[]>
  /** Status the stand-in ends with. */
  setStatus(status: number): Promise<void>
}

/** A repository with the shims as its hooks, run by `shell`, pre-push followed by `rest`; the binary is a stand-in that notes its calls. */
export async function makeShimRepository(
  shell: string,
  rest = '',
  options: { name?: string; binary?: string | null } = {},
): Promise<ShimRepository> {
  const repository = await makeRepository({
    name: options.name ?? 'project',
    remote: true,
    files: { '.gitignore': 'node_modules\n', file: '1\n' },
  })
  for (const name of ['post-checkout', 'pre-push', 'post-merge']) {
    const shim = await readFile(join(packageRoot, 'hooks', name), 'utf8')
    await repository.write(`.git/hooks/${name}`, shim.replace('#!/bin/sh', `#!${shell}`) + (name === 'pre-push' ? rest : ''))
    await chmod(join(repository.path, '.git/hooks', name), 0o755)
  }
  const log = join(repository.parent, 'calls')
  if (options.binary !== null) await writeStandIn(repository, options.binary ?? 'node_modules/.bin/flightrules')
  return {
    ...repository,
    async calls() {
      const text = await readFile(log, 'utf8').catch(() => '')
      return text
        .split('\u0001')
        .slice(1)
        .map((call) => {
          const [cwd = '', args = '', stdin = ''] = call.split('\u0002')
          return { cwd, args, stdin }
        })
    },
    setStatus: (status) => repository.write(join(repository.parent, 'status'), String(status)),
  }
}

/** Puts the stand-in at a path of the repository (or an absolute one). */
export async function writeStandIn(repository: TestRepository, path: string, label = ''): Promise<void> {
  const { parent } = repository
  const script = `#!/bin/sh
{ printf '\\001%s\\002%s\\002' "$PWD" '${label}'"$*"; [ "$2" != pre-push ] || cat; } >>'${parent}/calls'
[ ! -f '${parent}/status' ] || exit "$(cat '${parent}/status')"
`
  await repository.write(path, script)
  await chmod(path.startsWith('/') ? path : join(repository.path, path), 0o755)
}

/** PATH with nothing on it but git, a few tools and, when wanted, node. */
export async function makeBareShellPath(repository: TestRepository, withNode: boolean): Promise<string> {
  const folder = join(repository.parent, withNode ? 'tools-node' : 'tools')
  await repository.write(join(folder, '.keep'), '')
  const tools = ['git', 'sh', 'cat', 'mkdir', 'cp', 'mv', 'rm', 'env', 'basename', 'dirname']
  for (const tool of tools) {
    const found = ['/usr/bin', '/bin', '/usr/local/bin', '/opt/homebrew/bin']
      .map((place) => join(place, tool))
      .find((file) => existsSync(file))
    if (found !== undefined) await symlink(found, join(folder, tool))
  }
  if (withNode) await symlink(process.execPath, join(folder, 'node'))
  return folder
}

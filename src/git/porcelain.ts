import { Readable } from 'node:stream'
import type { SimpleGit, SimpleGitOptions } from 'simple-git'
import { type Git, noFsmonitor } from './git.ts'

/**
 * simple-git with the directory, environment and abort signal of our runner, for the commands people know.
 * It ends when git closes its streams (not 50 ms later), and every exit status but 0 is an error with git's own words.
 */
export async function openPorcelain(git: Git, onStderr?: (text: string) => void): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git')
  const env = git.environment
  const porcelain = simpleGit({
    baseDir: git.cwd,
    config: [noFsmonitor],
    completion: { onClose: true, onExit: false },
    allowEnvironment: Object.keys(env),
    unsafe: usersOwn,
    errors: (error, result) => {
      if (result.exitCode === 0) return undefined
      const said = [...result.stdOut, ...result.stdErr].map(String).join('')
      return new Error(said.trim() || (error instanceof Error ? error.message : `exit status ${result.exitCode}`))
    },
    ...(git.signal === undefined ? {} : { abort: git.signal }),
  }).env(env)
  porcelain.outputHandler((_, stdout, stderr) => {
    if (onStderr !== undefined) stderr.on('data', (chunk: Buffer) => onStderr(chunk.toString()))
    // a hook git has started may live on with these open: who stops the command does not wait for it
    const letGo = (): void => {
      for (const stream of [stdout, stderr]) if (stream instanceof Readable) stream.destroy()
    }
    git.signal?.addEventListener('abort', letGo, { once: true })
  })
  return porcelain
}

/**
 * simple-git guards servers against arguments and variables from strangers. Here the environment is the user's own:
 * their ssh command, askpass helper and editor must work as they do in their shell.
 */
const usersOwn: NonNullable<SimpleGitOptions['unsafe']> = {
  // hooks inherit what forbids them
  allowAbbreviatedOptions: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  // it is switched off by it
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
}

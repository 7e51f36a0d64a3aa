import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SyncInput, Synced } from '../../../src/sessions/sync/sync-input.ts'
import { syncSession } from '../../../src/sessions/sync/sync-session.ts'
import { fingerprint } from '../../support/fingerprint.ts'
import { type Engine, type EngineOptions, makeEngine } from './engine.ts'

const ten = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\n')
export const files = {
  'a.txt': `${ten}\n`,
  'b.txt': `${ten}\n`,
  'c.txt': `${ten}\n`,
  'gone.txt': 'gone\n',
  'run.sh': '#!/bin/sh\n',
  '.gitignore': '*.ignored\n',
}
export const usual: SyncInput = { method: null, leaveConflicts: false, dropped: 'ask' }

/** A repository with a session in it that is to be synced. */
export interface SyncWorld {
  readonly engine: Engine
  /** The session's worktree. */
  readonly path: string
  sync(input?: Partial<SyncInput>): Promise<Synced>
  git(...args: string[]): Promise<string>
  /** Writes files of the session. */
  write(file: string, content: string): Promise<void>
  read(file: string): Promise<string>
  /** Commits on main. */
  base(changes: Readonly<Record<string, string>>, message?: string): Promise<string>
  /** Commits in the session. */
  commit(changes: Readonly<Record<string, string>>, message?: string): Promise<string>
  fingerprint(): Promise<unknown>
}

export async function makeSyncWorld(options: EngineOptions = {}): Promise<SyncWorld> {
  const engine = await makeEngine({ files, ...options })
  const { path } = await engine.start('work')
  return {
    engine,
    path,
    async sync(input = {}) {
      const { context } = await engine.open()
      return syncSession(context, await engine.session('work'), { ...usual, ...input })
    },
    git: (...args) => engine.git(args, path),
    write: (file, content) => engine.write(join(path, file), content),
    read: (file) => readFile(join(path, file), 'utf8'),
    base: (changes, message = 'on main') => engine.commit(message, changes),
    async commit(changes, message = 'in the session') {
      for (const [file, content] of Object.entries(changes)) await engine.write(join(path, file), content)
      return engine.commit(message, {}, path)
    },
    async fingerprint() {
      const { gitDir } = await engine.session('work')
      const refs = await engine.git(['for-each-ref'])
      return [await fingerprint({ worktree: path, gitDir, env: engine.env }), refs]
    },
  }
}

/** The first of the files with another line. */
export function change(line: number, text: string): string {
  return files['a.txt'].replace(`line ${line}\n`, `${text}\n`)
}

/** Commits of the session that main does not have, oldest first. */
export async function own(world: SyncWorld): Promise<string[]> {
  return (await world.git('log', '--reverse', '--format=%s', 'main..HEAD')).split('\n')
}

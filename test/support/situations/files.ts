import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { makeLibrary, makeNested, type Situation } from './situation.ts'

/** What lies in the worktree. */
export const fileSituations: readonly Situation[] = [
  { name: 'clean, with commits of its own', make: async () => {} },
  { name: 'a modified file', make: (site) => site.write('b.txt', 'changed\n') },
  {
    name: 'a file modified in place, of the same size, in the second of the last index write',
    make: (site) => site.write('b.txt', 'B\n'),
  },
  { name: 'a deleted file', make: (site) => site.remove('b.txt') },
  { name: 'an untracked file', make: (site) => site.write('new.txt', 'new\n') },
  { name: 'untracked files in new folders', make: (site) => site.write('new/deep/er/file.txt', 'new\n') },
  { name: 'an ignored file', make: (site) => site.write('ignored.txt', 'secret\n') },
  {
    name: 'an ignored folder',
    async make(site) {
      await site.write('build/out.js', 'built\n')
      await site.write('build/deep/map.json', '{}\n')
    },
  },
  {
    name: 'an env file only its owner may read',
    async make(site) {
      await site.write('.env', 'TOKEN=1234\n')
      await site.mode('.env', 0o600)
    },
  },
  {
    name: 'modes: executable, read-only, for the owner alone, a closed folder',
    async make(site) {
      await site.mode('script.sh', 0o755)
      await site.write('tool', '#!/bin/sh\n')
      await site.mode('tool', 0o700)
      await site.write('read-only', 'r\n')
      await site.mode('read-only', 0o444)
      await site.write('closed/file', 'c\n')
      await site.mode('closed', 0o500)
    },
  },
  { name: 'a mode nobody but the owner set, with the same bytes', make: (site) => site.mode('a.txt', 0o640) },
  {
    name: 'symbolic links: to a file, to nothing, to a folder, out of the worktree, ignored',
    async make(site) {
      await site.link('to-file', 'a.txt')
      await site.link('to-nothing', 'no/such/thing')
      await site.link('to-folder', 'dir')
      await site.link('outside', '/')
      await site.link('ignored-link', 'a.txt')
    },
  },
  {
    name: 'a file that became a folder, a folder that became a file, a file that became a link',
    async make(site) {
      await site.remove('a.txt')
      await site.write('a.txt/inside', 'x\n')
      await site.remove('dir')
      await site.write('dir', 'a file now\n')
      await site.remove('b.txt')
      await site.link('b.txt', 't.txt')
    },
  },
  {
    name: 'empty folders, one in the other, one ignored',
    async make(site) {
      await site.folder('empty/in/empty')
      await site.folder('build/empty')
    },
  },
  {
    name: 'empty files',
    async make(site) {
      await site.write('empty', '')
      await site.write('ignored-empty', '')
      await site.write('b.txt', '')
    },
  },
  {
    name: 'large binary files',
    async make(site) {
      await site.write('blob.bin', randomBytes(5_000_000))
      await site.write('ignored.bin', Buffer.concat([Buffer.alloc(2_000_000), randomBytes(3)]))
    },
  },
  {
    name: 'a fifo and what lies beside it',
    async make(site) {
      await promisify(execFile)('mkfifo', [site.at('pipe')])
      await site.write('beside.txt', 'x\n')
    },
    uncaptured: [{ path: 'pipe', why: 'special-file' }],
  },
  {
    name: 'an untracked repository inside',
    async make(site) {
      await makeNested(site, 'vendor/nested')
      await site.write('vendor/beside.txt', 'x\n')
    },
    uncaptured: [{ path: 'vendor/nested/', why: 'repository' }],
  },
  {
    name: 'an ignored repository inside',
    make: (site) => makeNested(site, 'build/nested'),
    uncaptured: [{ path: 'build/nested/', why: 'repository' }],
  },
  {
    name: 'a repository without a commit inside',
    async make(site) {
      await site.folder('begun')
      await site.repository.git(['init', '--quiet'], site.at('begun'))
    },
    uncaptured: [{ path: 'begun/', why: 'repository' }],
  },
  {
    name: 'a bare repository inside',
    async make(site) {
      await site.folder('bare')
      await site.repository.git(['init', '--quiet', '--bare'], site.at('bare'))
      await site.git('push', '--quiet', './bare', 'topic')
    },
  },
  {
    name: 'a linked worktree inside',
    make: async (site) => void (await site.git('worktree', 'add', '--quiet', '--detach', 'build/inner')),
    uncaptured: [{ path: 'build/inner/', why: 'repository' }],
  },
  {
    name: 'a clean submodule',
    async make(site) {
      await site.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', await makeLibrary(site), 'lib')
      await site.commit('submodule')
    },
    uncaptured: [
      { path: 'lib/', why: 'repository' },
      { path: '.git/modules/', why: 'repository' },
    ],
  },
  {
    name: 'a submodule with changes and a commit nobody has',
    async make(site) {
      await site.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', await makeLibrary(site), 'lib')
      await site.commit('submodule')
      await site.repository.commit('unpushed', { [site.at('lib/lib.txt')]: 'more\n' }, site.at('lib'))
      await site.write('lib/untracked.txt', 'x\n')
    },
    uncaptured: [
      { path: 'lib/', why: 'repository' },
      { path: '.git/modules/', why: 'repository' },
    ],
  },
  {
    name: 'a submodule that was never initialised',
    async make(site) {
      await site.git('update-index', '--add', '--cacheinfo', `160000,${await site.git('rev-parse', 'HEAD')},lib`)
      await site.write('.gitmodules', '[submodule "lib"]\n\tpath = lib\n\turl = ./lib\n')
      await site.folder('lib')
    },
  },
]

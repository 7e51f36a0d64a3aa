import { utimes } from 'node:fs/promises'
import type { Situation } from './situation.ts'

/** What git was told to do with contents, or not to look at. */
export const settingSituations: readonly Situation[] = [
  {
    name: 'untracked files git is told not to show',
    async make(site) {
      await site.git('config', 'status.showUntrackedFiles', 'no')
      await site.write('hidden.txt', 'untracked\n')
    },
  },
  {
    name: 'modes git is told not to see',
    async make(site) {
      await site.git('config', 'core.fileMode', 'false')
      await site.mode('script.sh', 0o755)
      await site.mode('b.txt', 0o700)
    },
  },
  {
    name: 'stat data git is told not to trust',
    async make(site) {
      await site.git('config', 'core.checkStat', 'minimal')
      await site.git('config', 'core.trustctime', 'false')
      await site.write('b.txt', 'B\n')
    },
  },
  {
    name: 'a filter for line ends, with both kinds in the worktree',
    async make(site) {
      await site.git('config', 'core.autocrlf', 'true')
      await site.git('config', 'core.safecrlf', 'true')
      await site.write('crlf.txt', 'one\r\ntwo\r\n')
      await site.write('mixed.txt', 'one\r\ntwo\n')
      await site.git('-c', 'core.safecrlf=false', 'add', 'crlf.txt')
      await site.write('b.txt', 'b\r\n')
      await site.write('dir/c.txt', 'c\n')
    },
  },
  {
    name: 'line ends by attributes, checked out one way and edited the other',
    async make(site) {
      await site.write('.gitattributes', '*.win text eol=crlf\n*.unix text eol=lf\n')
      await site.write('x.win', 'one\r\n')
      await site.write('x.unix', 'one\n')
      await site.commit('attributes')
      await site.write('x.win', 'one\n')
      await site.write('x.unix', 'one\r\n')
    },
  },
  {
    name: 'ident, expanded by hand',
    async make(site) {
      await site.write('.gitattributes', '*.id ident\n')
      await site.write('x.id', '$Id$\n')
      await site.commit('ident')
      await site.write('x.id', '$Id: somebody typed this $\n')
    },
  },
  {
    name: 'a clean and smudge filter',
    async make(site) {
      await site.write('.gitattributes', '*.rot filter=rot\n')
      await site.git('config', 'filter.rot.clean', 'tr a-z b-za')
      await site.git('config', 'filter.rot.smudge', 'tr b-za a-z')
      await site.write('x.rot', 'hello\n')
      await site.commit('filter')
      await site.write('x.rot', 'hello again\n')
    },
  },
  {
    name: 'a required filter that is not installed, as of large file storage',
    async make(site) {
      await site.write('.gitattributes', '*.large filter=absent\n')
      await site.write('x.large', 'a pointer\n')
      await site.write('old.txt', 'x\n')
      await site.commit('attributes')
      await site.git('config', 'filter.absent.clean', 'no-such-program-anywhere')
      await site.git('config', 'filter.absent.smudge', 'no-such-program-anywhere')
      await site.git('config', 'filter.absent.required', 'true')
      await site.write('x.large', 'the real bytes\n')
      await site.write('new.large', 'untracked and large\n')
      await site.remove('old.txt')
    },
  },
  {
    name: 'files in UTF-16, and one that is not what it should be',
    async make(site) {
      await site.write('.gitattributes', '*.utf16 text working-tree-encoding=UTF-16\n')
      await site.write('x.utf16', Buffer.from('\ufeffhello\n', 'utf16le'))
      await site.commit('encoding')
      await site.write('x.utf16', Buffer.from('\ufeffhello again\n', 'utf16le'))
      await site.write('broken.utf16', 'not UTF-16 at all\n')
    },
  },
  {
    name: 'settings and patterns of the worktree alone',
    async make(site) {
      await site.git('config', 'extensions.worktreeConfig', 'true')
      await site.git('config', '--worktree', 'user.name', 'Somebody Else')
      await site.write('new.txt', 'new\n')
    },
  },
  {
    name: 'a commit somebody replaced by one with other files',
    async make(site) {
      const other = await site.git('commit-tree', '-m', 'instead', 'HEAD~2^{tree}')
      await site.git('replace', 'HEAD', other)
      await site.git('reset', '--quiet', '--hard')
      await site.write('b.txt', 'changed\n')
    },
  },
  {
    name: 'objects somebody replaced',
    async make(site) {
      const [real, other] = [await site.git('rev-parse', 'HEAD:b.txt'), await site.git('rev-parse', 'HEAD:t.txt')]
      await site.write('ignored.txt', 'b\n')
      await site.git('replace', real, other)
      // git looks into what has another time, and then finds the other content
      await utimes(site.at('b.txt'), 1_700_000_000, 1_700_000_000)
    },
  },
  {
    name: 'a stale list of changed files from a file system monitor',
    async make(site) {
      await site.git('config', 'core.fsmonitor', 'true')
      await site.write('b.txt', 'not seen by a monitor\n')
      await site.git('config', 'core.fsmonitor', '/bin/true')
    },
  },
]

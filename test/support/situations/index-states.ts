import type { Situation } from './situation.ts'

/** What the index holds. */
export const indexSituations: readonly Situation[] = [
  {
    name: 'a staged change',
    async make(site) {
      await site.write('b.txt', 'staged\n')
      await site.git('add', 'b.txt')
    },
  },
  {
    name: 'staged, then modified again',
    async make(site) {
      await site.write('b.txt', 'staged\n')
      await site.git('add', 'b.txt')
      await site.write('b.txt', 'and modified\n')
    },
  },
  {
    name: 'staged, then taken back in the worktree',
    async make(site) {
      await site.write('b.txt', 'staged\n')
      await site.git('add', 'b.txt')
      await site.write('b.txt', 'b\n')
    },
  },
  { name: 'a staged deletion', make: async (site) => void (await site.git('rm', '--quiet', 'b.txt')) },
  {
    name: 'taken out of the index, still there',
    make: async (site) => void (await site.git('rm', '--quiet', '--cached', 'b.txt')),
  },
  {
    name: 'taken out of the index, and ignored from then on',
    async make(site) {
      await site.git('rm', '--quiet', '--cached', 'b.txt')
      await site.write('.gitignore', 'b.txt\n')
    },
  },
  {
    name: 'attributes that are deleted, of files that are changed',
    async make(site) {
      await site.write('.gitattributes', '*.txt text eol=crlf\n')
      await site.commit('attributes')
      await site.remove('.gitattributes')
      await site.write('b.txt', 'two\r\nlines\r\n')
      await site.write('new.txt', 'two\r\nlines\r\n')
    },
  },
  { name: 'a staged rename', make: async (site) => void (await site.git('mv', 'b.txt', 'renamed.txt')) },
  {
    name: 'a new file, staged, then deleted',
    async make(site) {
      await site.write('new.txt', 'only in the index\n')
      await site.git('add', 'new.txt')
      await site.remove('new.txt')
    },
  },
  {
    name: 'intent to add',
    async make(site) {
      await site.write('intended.txt', 'intended\n')
      await site.write('intended-empty.txt', '')
      await site.git('add', '--intent-to-add', 'intended.txt', 'intended-empty.txt')
    },
  },
  {
    name: 'a staged executable bit, and one git is told not to see',
    async make(site) {
      await site.git('update-index', '--chmod=+x', 'script.sh')
      await site.mode('b.txt', 0o755)
    },
  },
  {
    name: 'an edit hidden by assume-unchanged',
    async make(site) {
      await site.git('update-index', '--assume-unchanged', 'b.txt')
      await site.write('b.txt', 'hidden\n')
    },
  },
  {
    name: 'an edit hidden by skip-worktree',
    async make(site) {
      await site.git('update-index', '--skip-worktree', 'b.txt')
      await site.write('b.txt', 'hidden\n')
    },
  },
  {
    name: 'a sparse checkout, with somebody’s file where nothing is checked out',
    async make(site) {
      await site.git('sparse-checkout', 'set', '--no-cone', '/*', '!/dir/')
      await site.write('dir/new.txt', 'outside of the cone\n')
    },
  },
  {
    name: 'a sparse index',
    async make(site) {
      await site.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'elsewhere')
      await site.write('b.txt', 'changed\n')
    },
  },
  {
    name: 'a split index',
    async make(site) {
      await site.git('config', 'core.splitIndex', 'true')
      await site.git('update-index', '--split-index')
      await site.write('b.txt', 'staged\n')
      await site.git('add', 'b.txt')
    },
  },
  {
    name: 'an index of version 4 with an untracked cache',
    async make(site) {
      await site.git('update-index', '--index-version', '4')
      await site.git('update-index', '--force-untracked-cache')
      await site.write('new.txt', 'new\n')
      await site.git('status')
    },
  },
]

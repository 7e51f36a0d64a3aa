import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Site, Situation } from './situation.ts'

/** What git is in the middle of, and what only the worktree's own git directory names. */
export const operationSituations: readonly Situation[] = [
  { name: 'a merge with conflicts', make: (site) => expectStop(site, 'merge', 'main') },
  {
    name: 'a merge with conflicts, one of them settled, one deleted on one side',
    async make(site) {
      await site.repository.commit('both', { 'b.txt': 'b of main\n', 'dir/c.txt': 'c of main\n' })
      await site.write('b.txt', 'b of topic\n')
      await site.git('rm', '--quiet', 'dir/c.txt')
      await site.commit('both')
      await expectStop(site, 'merge', 'main')
      await site.write('b.txt', 'settled\n')
      await site.git('add', 'b.txt')
    },
  },
  {
    name: 'a merge that was not committed',
    make: async (site) => void (await site.git('merge', '--no-commit', '-s', 'ours', 'main')),
  },
  { name: 'a rebase with conflicts', make: (site) => expectStop(site, 'rebase', 'main') },
  {
    name: 'an interactive rebase stopped to edit, with a commit on top and a change in work',
    async make(site) {
      await site.git('-c', 'sequence.editor=sed -i.bak 1s/^pick/edit/', 'rebase', '--quiet', '--interactive', 'HEAD~2')
      await site.write('more.txt', 'more\n')
      await site.commit('in the middle')
      await site.write('b.txt', 'in work\n')
    },
  },
  {
    name: 'a rebase that has stashed changes away',
    async make(site) {
      await site.write('b.txt', 'stashed away\n')
      await expectStop(site, 'rebase', '--autostash', 'main')
    },
  },
  { name: 'a rebase by the apply backend', make: (site) => expectStop(site, 'rebase', '--apply', 'main') },
  { name: 'a cherry-pick with conflicts', make: (site) => expectStop(site, 'cherry-pick', 'main') },
  {
    name: 'a cherry-pick of several, stopped at the first',
    async make(site) {
      await site.repository.commit('second', { 'second.txt': '2\n' })
      await expectStop(site, 'cherry-pick', 'main~1', 'main')
    },
  },
  { name: 'a revert with conflicts', make: (site) => revertOld(site) },
  {
    name: 'a bisect',
    async make(site) {
      await site.git('bisect', 'start', 'HEAD', 'HEAD~2')
      await site.write('found.txt', 'a note\n')
    },
  },
  {
    name: 'an am that does not apply',
    async make(site) {
      const patch = join(site.repository.parent, 'patch')
      await writeFile(patch, await site.repository.git(['format-patch', '-1', '--stdout', 'main']))
      await expectStop(site, 'am', '--3way', patch)
    },
  },
  {
    name: 'a detached HEAD with commits no branch has',
    async make(site) {
      await site.git('switch', '--quiet', '--detach')
      await site.write('detached.txt', '1\n')
      await site.commit('on no branch')
    },
  },
  {
    name: 'a branch without a commit',
    async make(site) {
      await site.git('switch', '--quiet', '--orphan', 'unborn')
      await site.write('first.txt', 'first\n')
      await site.git('add', 'first.txt')
    },
  },
  {
    name: 'commits only the reflog of HEAD names',
    async make(site) {
      await site.write('dropped.txt', 'dropped\n')
      await site.commit('to be dropped')
      await site.git('reset', '--quiet', '--keep', 'HEAD~1')
    },
  },
  {
    name: 'refs of the worktree alone: a commit, a tag, a tree, a blob',
    async make(site) {
      await site.write('own.txt', 'own\n')
      const commit = await site.commit('own')
      await site.git('reset', '--quiet', '--keep', 'HEAD~1')
      await site.git('update-ref', 'refs/worktree/commit', commit)
      await site.git('tag', '--annotate', '--message', 'a tag', 'passing', commit)
      await site.git('update-ref', 'refs/worktree/tag', await site.git('rev-parse', 'refs/tags/passing'))
      await site.git('tag', '--delete', 'passing')
      await site.git('update-ref', 'refs/worktree/tree', await site.git('rev-parse', `${commit}^{tree}`))
      await site.git('update-ref', 'refs/worktree/blob', await site.git('rev-parse', `${commit}:own.txt`))
    },
  },
  {
    name: 'notes of git: a message begun, the last fetch, ORIG_HEAD',
    async make(site) {
      await writeFile(join(site.gitDir, 'COMMIT_EDITMSG'), 'half a message\n')
      await site.git('update-ref', 'ORIG_HEAD', 'HEAD~1')
      await site.git('symbolic-ref', 'refs/worktree/symbolic', 'refs/heads/topic')
    },
  },
]

/** Runs git into a conflict. */
async function expectStop(site: Site, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await site.tryGit(...args)
  if (status === 0) throw new Error(`git ${args.join(' ')} was to stop half-way: ${stdout}${stderr}`)
}

async function revertOld(site: Site): Promise<void> {
  await site.write('a.txt', 'a once more\n')
  await site.commit('once more')
  await expectStop(site, 'revert', '--no-edit', 'HEAD~1')
}

import { quoteForShell } from '../../files/quote-for-shell.ts'
import { recordFile } from '../../sessions/record.ts'
import { type Check, fail, ok } from '../check.ts'

export const records: Check = {
  id: 'records',
  group: 'sessions',
  async run(facts) {
    const linked = await facts.linked()
    const unreadable = linked.flatMap(({ worktree, gitDir, record }) => {
      if (record.state !== 'unreadable') return []
      const file = recordFile(gitDir)
      const remedy = `mv ${quoteForShell(file)} ${quoteForShell(`${file}.unreadable`)}    the next command registers the worktree anew`
      return [
        fail(`the record of ${worktree.path} cannot be read (${record.reason}), so no command touches that session`, remedy),
      ]
    })
    const sessions = linked.flatMap(({ record, worktree }) =>
      record.state === 'valid' ? [{ ...record.session, path: worktree.path }] : [],
    )
    const twice = sessions.flatMap((session, index) => {
      const other = sessions.slice(0, index).find(({ id, uuid }) => id === session.id || uuid === session.uuid)
      if (other === undefined) return []
      return [
        fail(
          `${session.path} and ${other.path} both say they are session ${session.id}: a git directory was copied`,
          'keep one; look at both before anything else',
        ),
      ]
    })
    const found = [...unreadable, ...twice]
    return found.length > 0 ? found : ok(`every record can be read (${sessions.length})`)
  },
}

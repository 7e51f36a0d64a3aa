import type { ForeignReport } from '../../sessions/foreign/describe-foreign.ts'
import { escapeCode } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderCommandList } from './trust-view.ts'

/** Files that are named one by one. */
const shown = 60

/** What an approval would let run and copy; everything of it is somebody else's text. */
export function renderForeign(report: ForeignReport, { paint }: Pick<Screen, 'paint'>): string {
  const { id, request, url, from, commit, trusted, author, subject, commits, base, files, runs, commands } = report
  const state = trusted ? paint.green('approved') : paint.yellow('not approved')
  const list = (values: readonly string[]): string[] =>
    values.length === 0 ? ['  none'] : values.map((value) => `  ${escapeCode(value)}`)
  const lines = [
    `${paint.bold('Session')}  ${id}: request ${request} from ${escapeCode(from)}${url === null ? '' : `  ${url}`}`,
    `${paint.bold('Commit')}   ${commit} (${state})`,
    ...(author === null ? [] : [`         ${escapeCode(subject ?? '')}`, `         ${escapeCode(author)}`]),
    '',
    `${paint.bold('Changes')}  ${commits} ${commits === 1 ? 'commit' : 'commits'}, ${files.length} ${files.length === 1 ? 'file' : 'files'} against ${escapeCode(base)}`,
    ...files.slice(0, shown).map((file) => `  ${escapeCode(file.path)}  ${paint.dim(countLines(file))}`),
    ...(files.length > shown ? [`  and ${files.length - shown} more`] : []),
    '',
    paint.bold('Of these, run by `setup`, git, an installer or an editor'),
    ...list(runs),
    '',
    paint.bold('What `setup` would run there'),
    ...renderCommandList(commands),
    '',
    paint.bold('What it would copy there'),
    ...list([...report.copies, ...report.dependencies]),
  ]
  return lines.join('\n')
}

function countLines({ insertions, deletions }: ForeignReport['files'][number]): string {
  return insertions === null || deletions === null ? 'binary' : `+${insertions} -${deletions}`
}

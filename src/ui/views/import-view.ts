import type { ImportPlan } from '../../githooks/install/import/plan-import.ts'
import type { ImportSource } from '../../githooks/install/import/sources.ts'
import { escapeCode, escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'

/** What is taken over from other tools' files, every command whole, and what is not. */
export function renderImport({ sources }: ImportPlan, paint: Screen['paint']): string[] {
  return sources.flatMap((source) => [`${paint.bold('take over')}  ${source.file}`, ...renderSource(source, paint)])
}

function renderSource({ setup, teardown, envFiles = [], ports, left }: ImportSource, paint: Screen['paint']): string[] {
  const row = (name: string, text: string): string => `  ${name.padEnd(16)}${text}`
  const rows = [
    ...setup.map((line) => row('postCreateHook', showCommand(line))),
    ...teardown.map((line) => row('preRemoveHook', showCommand(line))),
    ...(envFiles.length === 0 ? [] : [row('envFiles', envFiles.map(escapeText).join(', '))]),
    ...(Object.keys(ports).length === 0 ? [] : [row('ports', Object.keys(ports).join(', '))]),
  ]
  return [
    ...(rows.length === 0 ? [row('nothing', 'it sets nothing up that a config could say')] : rows),
    ...left.map(({ what, why }) => paint.dim(row('left', `${showCommand(what)}    (${escapeText(why)})`))),
  ]
}

/** A script keeps its lines, each of them behind the column of names, so that none can pass for a row. */
function showCommand(text: string): string {
  return text
    .split('\n')
    .map((line, index) => `${index === 0 ? '' : ' '.repeat(18)}${escapeCode(line)}`)
    .join('\n')
}

import * as z from 'zod'
import { type Left, type Taken, leaveRun, toCommands } from './taken.ts'

const script = z.looseObject({ script: z.string().optional() })
const stage = z.looseObject({
  script: z.string().optional(),
  darwin: script.optional(),
  linux: script.optional(),
  win32: script.optional(),
})

/** https://developers.openai.com/codex/app/local-environments.md, and published examples for the keys. */
export const codexShape = z.looseObject({
  version: z.literal(1).optional(),
  setup: stage.optional(),
  cleanup: stage.optional(),
  actions: z.array(z.looseObject({ name: z.string().optional(), command: z.string().optional() })).optional(),
})

type Stage = z.infer<typeof stage>

export function takeCodex({ setup = {}, cleanup = {}, actions = [] }: z.infer<typeof codexShape>): Taken {
  return {
    setup: toCommands(onThisSystem(setup)),
    teardown: toCommands(onThisSystem(cleanup)),
    ports: {},
    left: [
      ...leaveWindows('setup', setup),
      ...leaveWindows('cleanup', cleanup),
      ...leaveRun(actions.map(({ command = '' }) => command)),
    ],
  }
}

/** A script of one system stands for the general one there. */
function onThisSystem(stage: Stage): string {
  const cases = [
    ['Darwin', stage.darwin?.script],
    ['Linux', stage.linux?.script],
  ].flatMap(([name, text]) => (text === undefined || text.trim() === '' ? [] : [`${name})\n${text.trim()}\n;;`]))
  const general = stage.script?.trim() ?? ''
  if (cases.length === 0) return general
  const others = general === '' ? [] : [`*)\n${general}\n;;`]
  return [`case "$(uname -s)" in`, ...cases, ...others, 'esac'].join('\n')
}

function leaveWindows(name: string, stage: Stage): Left[] {
  if (stage.win32 === undefined) return []
  return [{ what: `${name}.win32`, why: 'the hooks of the config have no commands for Windows only' }]
}

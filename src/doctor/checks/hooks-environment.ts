import { type Check, ok, type Verdict, warn } from '../check.ts'

/** Variables that switch hooks off wherever they are set, and the ones that lead git elsewhere. */
export const hooksEnvironment: Check = {
  id: 'hooks-environment',
  group: 'hooks',
  async run({ input: { env } }) {
    const verdicts: Verdict[] = []
    const say = (name: string, effect: string): void => {
      verdicts.push(warn(`${name}=${env[name]} is set: ${effect}`, `unset ${name}`))
    }
    if (env['FLIGHTRULES'] === '0') say('FLIGHTRULES', 'no hook of Flight Rules does anything')
    if (isSet(env['FLIGHTRULES_SKIP'])) say('FLIGHTRULES_SKIP', 'these hooks of Flight Rules do nothing')
    if (isSet(env['FLIGHTRULES_OP']))
      say('FLIGHTRULES_OP', 'hooks take this for an operation of Flight Rules itself and do nothing')
    if (env['HUSKY'] === '0') say('HUSKY', 'husky runs no hook at all')
    if (env['LEFTHOOK'] === '0') say('LEFTHOOK', 'lefthook runs no hook at all')
    for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR']) {
      if (isSet(env[name]))
        say(name, 'git works with that and not with the repository it is called in; Flight Rules sets it aside')
    }
    return verdicts.length > 0 ? verdicts : ok('nothing in the environment switches hooks off')
  },
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}

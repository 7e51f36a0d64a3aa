import { randomBytes } from 'node:crypto'
import { mapSideBySide } from '../../files/side-by-side.ts'
import { Git } from '../../git/git.ts'
import type { FactsInput } from '../facts.ts'
import type { InstalledHook } from './inspect-hooks.ts'

/** `program` is what the hook would start, null when it finds nothing to start. */
export type HookAnswer =
  | { readonly kind: 'fired'; readonly program: string | null; readonly script: string | null }
  | { readonly kind: 'silent'; readonly said: string }

/** Milliseconds for one hook; ours answers in ten. */
const patience = 10_000

/**
 * Has git run each hook that begins with our part, with a question in its environment: it then answers and ends before
 * anything of the project runs. Others are not run: what they do is not ours to start.
 */
export async function askHooks(
  input: FactsInput,
  hooks: readonly InstalledHook[],
): Promise<ReadonlyMap<InstalledHook, HookAnswer>> {
  const word = randomBytes(8).toString('hex')
  // what switches hooks off here and now is told by a check of its own
  const env = {
    ...input.env,
    FLIGHTRULES: undefined,
    FLIGHTRULES_SKIP: undefined,
    FLIGHTRULES_OP: undefined,
    HUSKY: undefined,
    FLIGHTRULES_DOCTOR: word,
  }
  const asked = hooks.filter(({ state, isCurrent }) => state === 'first' && isCurrent)
  const answers = await mapSideBySide(asked, async (hook): Promise<[InstalledHook, HookAnswer]> => {
    const git = new Git(hook.root, env, AbortSignal.any([input.signal, AbortSignal.timeout(patience)]))
    // no hook of ours does anything for a checkout of single files, nor for an old one without the question
    const args = hook.name === 'post-checkout' ? ['0'.repeat(40), '0'.repeat(40), '0'] : ['doctor']
    try {
      const { stderr } = await git.run(['hook', 'run', '--ignore-missing', hook.name, '--', ...args], {
        accept: [0, 1, 126, 127],
      })
      return [hook, parseAnswer(stderr, `${word} ${hook.name}`)]
    } catch (error) {
      if (input.signal.aborted) throw error
      return [hook, { kind: 'silent', said: (error as Error).message }]
    }
  })
  return new Map(answers)
}

/** Finds the three lines of the answer among what others printed. */
export function parseAnswer(stderr: string, question: string): HookAnswer {
  const lines = stderr.split('\n')
  const at = lines.indexOf(`flightrules-doctor ${question}`)
  if (at === -1) return { kind: 'silent', said: stderr.trim().split('\n').slice(-3).join(' ') }
  const [program, script] = lines.slice(at + 1)
  return { kind: 'fired', program: program || null, script: script || null }
}

import { findConfigFile } from '../../config/find-config.ts'
import { digestOf, sha256 } from '../../config/digest.ts'
import { loadConfig } from '../../config/load-config.ts'
import { listPresentFiles } from '../../config/present-files.ts'
import { findStateDirectory } from '../../config/state-directory.ts'
import type { LoadedConfig } from '../../config/types.ts'
import type { Finding } from '../../errors.ts'
import { readPresent } from '../../files/read-text.ts'
import type { Git } from '../../git/git.ts'
import { takenText } from './config-text.ts'
import type { Project } from './detect-project.ts'
import type { ImportPlan } from './import/plan-import.ts'
import { pathFromMain } from './init-log.ts'
import type { InitPlan, Kept, WriteStep } from './init-plan.ts'
import { type ConfigWish, type MadeConfig, makeConfig } from './new-config.ts'

export interface ConfigPlan {
  readonly config: InitPlan['config']
  readonly presets: readonly string[]
  readonly steps: readonly WriteStep[]
  readonly kept: readonly Kept[]
  readonly findings: readonly Finding[]
}

/**
 * The project's config: the one that is there, or a new one made from what the project looks like. Only what `init` writes itself needs
 * nobody to look at it: whoever types `init` in a clone has not read what came with it, and what is taken over from other tools' files came
 * with it too.
 * @throws FlightRulesError those of `loadConfig`.
 */
export async function planConfigFile(git: Git, commonDir: string, project: Project, wish: ConfigWish): Promise<ConfigPlan> {
  const present = await findConfigFile(project.root)
  if (present === undefined) return planWriting(project.root, await makeConfig(git, project, wish), null, wish)
  const own = wish.taken === undefined ? undefined : await planOverOwn(git, project, present, wish)
  return typeof own === 'object' ? own : planKept(project.root, commonDir, git, present, wish, own === 'done')
}

async function planWriting(
  main: string,
  made: MadeConfig,
  before: Uint8Array | null,
  { taken }: ConfigWish,
): Promise<ConfigPlan> {
  const { file, presets, findings } = made
  const after = Buffer.from(made.text)
  // overrides that are there would be approved by the way
  const { overrides } = await listPresentFiles(main)
  const runsTaken = taken !== undefined && taken.postCreateHook.length + taken.preRemoveHook.length > 0
  const approval = overrides.length > 0 ? 'wanted' : runsTaken ? 'taken' : 'written'
  const digest = overrides.length === 0 ? digestOf([{ path: pathFromMain(main, file), sha256: sha256(after) }]) : null
  return {
    config: { file, isNew: true, approval },
    presets,
    steps: [{ kind: 'write', file, before, after, mode: 0o644, why: 'the configuration' }],
    kept: [],
    findings: [...(approval === 'written' ? [] : [notTrusted(file, digest)]), ...findings],
  }
}

/** A config that is still what `init` would write is written anew with what is taken over. undefined: somebody has changed it. */
async function planOverOwn(
  git: Git,
  project: Project,
  present: string,
  wish: ConfigWish,
): Promise<ConfigPlan | 'done' | undefined> {
  const now = await readPresent(present)
  if (now === undefined || now === 'other') return undefined
  const made = await makeConfig(git, project, wish)
  if (made.file !== present) return undefined
  if (now.text === made.text) return 'done'
  const plain = await makeConfig(git, project, { ...wish, taken: undefined })
  return now.text === plain.text ? planWriting(project.root, made, now.bytes, wish) : undefined
}

async function planKept(
  main: string,
  commonDir: string,
  git: Git,
  present: string,
  { presets: wanted, taken }: ConfigWish,
  isDone: boolean,
): Promise<ConfigPlan> {
  const loaded = await loadConfig({ main, commonDir, stateDirectory: findStateDirectory(git.environment) })
  const isUnapproved = loaded.trust === 'unapproved'
  const isMissing = taken !== undefined && !isDone && !taken.aliases.every((tool) => loaded.config.aliases.includes(tool))
  const why = wanted === undefined ? 'the config is there already' : 'the config is there already; --preset did not change it'
  const byHand = (plan: ImportPlan): string =>
    `it is no longer as init writes it, so put into it by hand what is to be taken over:\n${takenText(plan, present.endsWith('.json'))}`
  return {
    config: { file: present, isNew: false, approval: isUnapproved ? 'wanted' : 'given' },
    presets: isUnapproved ? [] : listPresets(loaded),
    steps: [],
    kept: [{ path: present, why: isMissing ? byHand(taken) : why }],
    findings: isUnapproved ? [notTrusted(present, loaded.digest)] : [],
  }
}

/** The presets a config was made with, as far as anything of them is left in it. */
function listPresets({ origins }: LoadedConfig): string[] {
  const used = Object.values(origins).flatMap((origin) => origin.split(', '))
  return [...new Set(used.flatMap((origin) => (origin.startsWith('preset:') ? [origin.slice('preset:'.length)] : [])))]
}

function notTrusted(file: string, digest: string | null): Finding {
  const known = digest === null ? '' : `; its digest is ${digest}`
  return {
    code: 'CONFIG_NOT_TRUSTED',
    message: `nobody has approved ${file} as it is, and init does not: none of its commands run${known}`,
    hint: 'flightrules trust    shows what it would run and asks',
    details: { file, digest },
  }
}

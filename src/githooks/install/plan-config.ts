import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultConfig } from '../../config/defaults.ts'
import { findConfigFile } from '../../config/find-config.ts'
import { loadConfig } from '../../config/load-config.ts'
import { listPresentFiles } from '../../config/present-files.ts'
import { presetTable } from '../../config/preset-table.ts'
import { findStateDirectory } from '../../config/state-directory.ts'
import type { LoadedConfig, PresetName } from '../../config/types.ts'
import type { Finding } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import { codeText, configFileName, dataText, planConfig } from './config-text.ts'
import { detectEnvFiles } from './detect-env-files.ts'
import { detectPorts } from './detect-ports.ts'
import { type Project, choosePresets } from './detect-project.ts'
import type { InitPlan, Kept, WriteStep } from './init-plan.ts'

export interface ConfigPlan {
  readonly config: InitPlan['config']
  readonly presets: readonly string[]
  readonly steps: readonly WriteStep[]
  readonly kept: readonly Kept[]
  readonly findings: readonly Finding[]
}

/**
 * The project's config: the one that is there, or a new one made from what the project looks like. Only what `init` writes itself needs
 * nobody to look at it: whoever types `init` in a clone has not read what came with it.
 * @throws FlightRulesError those of `loadConfig`.
 */
export async function planConfigFile(
  git: Git,
  commonDir: string,
  project: Project,
  wanted: readonly PresetName[] | undefined,
): Promise<ConfigPlan> {
  const present = await findConfigFile(project.root)
  if (present !== undefined) {
    const why = wanted === undefined ? 'the config is there already' : 'the config is there already; --preset did not change it'
    const loaded = await loadConfig({ main: project.root, commonDir, stateDirectory: findStateDirectory(git.environment) })
    const isUnapproved = loaded.trust === 'unapproved'
    return {
      config: { file: present, isNew: false, approval: isUnapproved ? 'wanted' : 'given' },
      presets: isUnapproved ? [] : listPresets(loaded),
      steps: [],
      kept: [{ path: present, why }],
      findings: isUnapproved ? [notTrusted(present, loaded)] : [],
    }
  }
  const presets = wanted ?? choosePresets(project)
  const detected = await detectPorts(project)
  const covered = presets.flatMap((name) => presetTable[name].envFiles ?? [])
  const base = covered.length > 0 ? covered : defaultConfig.envFiles
  const extra = await detectEnvFiles(git.at(project.root), base)
  const settings = planConfig(project, presets, detected, extra.length === 0 ? [] : [...base, ...extra])
  const name = configFileName(project)
  const file = join(project.root, name)
  // overrides that are there would be approved by the way
  const { overrides } = await listPresentFiles(project.root)
  const approval = overrides.length === 0 ? 'written' : 'wanted'
  const text = name.endsWith('.json') ? dataText(settings, await findSchema(project)) : codeText(settings)
  return {
    config: { file, isNew: true, approval },
    presets,
    steps: [{ kind: 'write', file, before: null, after: Buffer.from(text), mode: 0o644, why: 'the configuration' }],
    kept: [],
    findings: [
      ...(approval === 'written' ? [] : [notTrusted(file)]),
      ...detected.fixed.map(({ file: compose, service, port }) => ({
        code: 'FIXED_PORT',
        message: `${compose} publishes ${port} for ${service} under a fixed number: two sessions cannot both have it`,
        hint: `write "\${${service.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_PORT:-${port}}:…" there, and the same name under ports in ${name}`,
        details: { file: compose, service, port },
      })),
    ],
  }
}

/** The presets a config was made with, as far as anything of them is left in it. */
function listPresets({ origins }: LoadedConfig): string[] {
  const used = Object.values(origins).flatMap((origin) => origin.split(', '))
  return [...new Set(used.flatMap((origin) => (origin.startsWith('preset:') ? [origin.slice('preset:'.length)] : [])))]
}

function notTrusted(file: string, loaded?: LoadedConfig): Finding {
  const digest = loaded?.digest ?? null
  const known = digest === null ? '' : `; its digest is ${digest}`
  return {
    code: 'CONFIG_NOT_TRUSTED',
    message: `nobody has approved ${file} as it is, and init does not: none of its commands run${known}`,
    hint: 'flightrules trust    shows what it would run and asks',
    details: { file, digest },
  }
}

async function findSchema(project: Project): Promise<string | undefined> {
  const folder = project.packageFolder === '' ? '.' : `./${project.packageFolder}`
  for (const name of ['schema.json', 'dist/schema.json']) {
    const path = `${folder}/node_modules/flightrules/${name}`
    if (
      await access(join(project.root, path)).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}

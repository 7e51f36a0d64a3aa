import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultConfig } from '../../config/defaults.ts'
import { findConfigFile } from '../../config/find-config.ts'
import { presetTable } from '../../config/preset-table.ts'
import type { PresetName } from '../../config/types.ts'
import type { Finding } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import { codeText, configFileName, dataText, planConfig } from './config-text.ts'
import { detectEnvFiles } from './detect-env-files.ts'
import { detectPorts } from './detect-ports.ts'
import { type Project, choosePresets } from './detect-project.ts'
import type { InitPlan, Kept, WriteStep } from './init-plan.ts'

export interface ConfigPlan {
  readonly config: InitPlan['config']
  readonly presets: readonly PresetName[]
  readonly steps: readonly WriteStep[]
  readonly kept: readonly Kept[]
  readonly findings: readonly Finding[]
}

/** The project's config: the one that is there, or a new one made from what the project looks like. */
export async function planConfigFile(git: Git, project: Project, wanted: readonly PresetName[] | undefined): Promise<ConfigPlan> {
  const present = await findConfigFile(project.root)
  if (present !== undefined) {
    const why = wanted === undefined ? 'the config is there already' : 'the config is there already; --preset did not change it'
    return { config: { file: present, isNew: false }, presets: [], steps: [], kept: [{ path: present, why }], findings: [] }
  }
  const presets = wanted ?? choosePresets(project)
  const detected = await detectPorts(project)
  const covered = presets.flatMap((name) => presetTable[name].envFiles ?? [])
  const base = covered.length > 0 ? covered : defaultConfig.envFiles
  const extra = await detectEnvFiles(git.at(project.root), base)
  const settings = planConfig(project, presets, detected, extra.length === 0 ? [] : [...base, ...extra])
  const name = configFileName(project)
  const file = join(project.root, name)
  const text = name.endsWith('.json') ? dataText(settings, await findSchema(project)) : codeText(settings)
  return {
    config: { file, isNew: true },
    presets,
    steps: [{ kind: 'write', file, before: null, after: Buffer.from(text), mode: 0o644, why: 'the configuration' }],
    kept: [],
    findings: detected.fixed.map(({ file: compose, service, port }) => ({
      code: 'FIXED_PORT',
      message: `${compose} publishes ${port} for ${service} under a fixed number: two sessions cannot both have it`,
      hint: `write "\${${service.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_PORT:-${port}}:…" there, and the same name under ports in ${name}`,
      details: { file: compose, service, port },
    })),
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

import { loadConfig } from '../config/load-config.ts'
import { listPresentFiles } from '../config/present-files.ts'
import type { LoadedConfig } from '../config/types.ts'
import { type Finding, FlightRulesError } from '../errors.ts'
import { renderConfig } from '../ui/views/config-view.ts'
import type { Invocation, Outcome } from './command.ts'
import { locateMain } from './locate-main.ts'

/** Every value and where it came from. */
export async function showConfig(invocation: Invocation): Promise<Outcome> {
  const place = await locateMain(invocation)
  const loaded = await loadConfig(place)
  const { config, origins, file, digest, trust } = loaded
  return {
    data: { config, origins, file, digest, trust },
    findings: [...describeUnapproved(loaded), ...(await findShadowed(place.main))],
    view: (screen) => screen.answer(renderConfig(loaded, screen)),
  }
}

/** The JSON Schema. */
export async function printSchema(): Promise<Outcome> {
  const { configJsonSchema } = await import('../config/schema.ts')
  const schema = configJsonSchema()
  return { data: schema, view: (screen) => screen.data(JSON.stringify(schema, null, 2)) }
}

/** Where the config is. */
export async function printPath(invocation: Invocation): Promise<Outcome> {
  const { main } = await locateMain(invocation)
  const { findSources } = await import('../config/load-config.ts')
  const sources = await findSources(main)
  if (sources === undefined) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'NO_CONFIG',
      message: `there is no config in ${main}`,
      hint: 'flightrules init',
    })
  }
  const { config, override } = sources
  return {
    data: { path: config.file, overrides: override?.file ?? null },
    findings: await findShadowed(main),
    view: (screen) => screen.data(config.file),
  }
}

function describeUnapproved(loaded: LoadedConfig): Finding[] {
  if (loaded.trust !== 'unapproved') return []
  return [
    {
      code: 'CONFIG_NOT_TRUSTED',
      message: `${loaded.file} is new or changed since it was approved here; these are the last approved values, or the defaults`,
      hint: 'flightrules trust',
      details: { digest: loaded.digest },
    },
    ...(loaded.doubts ?? []),
  ]
}

/** Files that look as if they counted. */
async function findShadowed(main: string): Promise<Finding[]> {
  const { configs, overrides } = await listPresentFiles(main)
  return [configs, overrides].flatMap(([used, ...others]) =>
    others.map((name) => ({
      code: 'CONFIG_SHADOWED',
      message: `${name} is not read because there is ${used}`,
      hint: 'keep one of them',
    })),
  )
}

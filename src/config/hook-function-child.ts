/** Bundle entry: runs one hook function of the approved config. Arguments: config file, hook, common git directory. */
import { dirname } from 'node:path'
import { isCode } from './config-names.ts'
import { findOwnIndex } from './entry-points.ts'
import { describeFailure } from './failure.ts'
import { importCode } from './import-code.ts'
import { findApproval } from './approvals.ts'
import { findSources } from './load-config.ts'
import type { ConfigSources } from './read-sources.ts'
import { findStateDirectory } from './state-directory.ts'
import type { HookContext } from './types.ts'

const [configFile = '', hook = '', commonDir = ''] = process.argv.slice(2)

// not awaited at the top: the bundle is CommonJS
void runHookFunction().catch((error: unknown) => {
  const { reason, line } = describeFailure(error, configFile)
  process.stderr.write(`flightrules: ${hook}: ${reason}${line === null ? '' : ` (${configFile}:${line})`}\n`)
  process.exitCode = 1
})

async function runHookFunction(): Promise<void> {
  const run = await findHook(await requireApprovedSources())
  await run(JSON.parse(process.env['FLIGHTRULES_HOOK_CONTEXT'] ?? 'null') as HookContext)
}

/** The config may have changed since the command that started this looked at it. */
async function requireApprovedSources(): Promise<ConfigSources> {
  const sources = await findSources(dirname(configFile))
  const place = { commonDir, stateDirectory: findStateDirectory(process.env) }
  const isApproved =
    sources !== undefined &&
    (process.env['FLIGHTRULES_TRUST'] === sources.digest || (await findApproval(place, sources.digest)).found !== undefined)
  if (!isApproved) throw new Error(`${configFile} changed since it was approved; run flightrules trust`)
  return sources
}

/** The function of the overrides, else that of the config itself. */
async function findHook(sources: ConfigSources): Promise<(context: HookContext) => unknown> {
  const files = sources.files.filter(({ whole }) => whole)
  for (const source of [sources.override, sources.config]) {
    if (source === null || !isCode(source.path)) continue
    const exported = await importCode({ file: source.file, files, self: findOwnIndex() })
    const content = exported.kind === 'default' ? (exported.value as Record<string, unknown> | null) : null
    const found = content?.[hook]
    if (typeof found === 'function') return found as (context: HookContext) => unknown
  }
  throw new Error(`there is no function ${hook} in ${configFile}`)
}

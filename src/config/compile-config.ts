import { isCode } from './config-names.ts'
import { evaluateConfig } from './evaluate-config.ts'
import type { PlainValue } from './plain-value.ts'
import { invalidConfig } from './problem.ts'
import { readData } from './read-data.ts'
import type { ConfigSources, SourceFile } from './read-sources.ts'
import type { Resolution, WrittenLayer } from './resolve.ts'

export interface CompileOptions {
  /** Milliseconds the evaluation of one file may take. */
  readonly timeLimit: number
}

/**
 * Evaluates, checks and resolves an approved config. Everything that is wrong in a file is reported at once.
 * @throws FlightRulesError CONFIG_FAILED, CONFIG_TIMEOUT, CONFIG_INVALID.
 */
export async function compileConfig(sources: ConfigSources, options: CompileOptions): Promise<Resolution> {
  const written = sources.override === null ? [sources.config] : [sources.config, sources.override]
  // The schema is loaded while the worker starts.
  const [contents, { validateConfig }, { findDeclared, findTemplateProblems }, { resolveConfig }] = await Promise.all([
    Promise.all(written.map(async (source) => ({ source, content: await readContent(source, sources, options) }))),
    import('./validate.ts'),
    import('./rules.ts'),
    import('./resolve.ts'),
  ])
  const declared = findDeclared(contents.map(({ content }) => content.value))
  const layers = contents.map(({ source, content }): WrittenLayer => {
    const validation = validateConfig(content)
    const templates = findTemplateProblems(content.value, declared)
    if (!validation.ok) throw invalidConfig(source.path, [...validation.problems, ...templates])
    if (templates.length > 0) throw invalidConfig(source.path, templates)
    return { file: source.path, values: validation.config, functions: validation.functions }
  })
  return resolveConfig(layers)
}

function readContent(source: SourceFile, sources: ConfigSources, options: CompileOptions): Promise<PlainValue> {
  return isCode(source.path)
    ? evaluateConfig(
        source,
        sources.files.filter(({ whole }) => whole),
        options,
      )
    : readData(source)
}

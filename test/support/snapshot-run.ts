import { type CliOptions, type CliResult, runCli } from './run-cli.ts'

export interface SnapshotOptions extends CliOptions {
  /** Paths of this run and the words they are shown as. */
  readonly paths?: Readonly<Record<string, string>>
}

/** Runs the packed binary and renders everything a person sees in one block, the same in every run. */
export async function snapshotRun(args: readonly string[], options: SnapshotOptions): Promise<string> {
  return renderRun(args, await runCli(args, options), options.paths)
}

export function renderRun(args: readonly string[], result: CliResult, paths: Readonly<Record<string, string>> = {}): string {
  const parts = [`$ flightrules ${args.join(' ')}`]
  if (result.stdout !== '') parts.push(result.stdout.trimEnd())
  if (result.stderr !== '') parts.push('-- stderr', result.stderr.trimEnd())
  parts.push(`-- exit ${result.status}`)
  return stabilize(parts.join('\n'), paths)
}

/** Replaces what differs from run to run: paths, ids, object names, times. */
export function stabilize(text: string, paths: Readonly<Record<string, string>> = {}): string {
  let result = text
  const known = Object.entries(paths).toSorted(([a], [b]) => b.length - a.length)
  for (const [path, word] of known) result = result.replaceAll(path, word)
  const root = process.env['TEST_ROOT']
  if (root !== undefined) result = result.replaceAll(root, '<tmp>')
  return result
    .replaceAll(/<tmp>\/[\w-]+-\w{6}(?=\W|$)/g, '<tmp>')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .replaceAll(/\b[0-9a-f]{40}\b/g, '<oid>')
    .replaceAll(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,12}\b/g, '<oid>')
    .replaceAll(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?/g, '<time>')
    .replaceAll(/\b\d{8}_\d{4,6}\b/g, '<stamp>')
    .replaceAll(/\b(?:just now|\d+ (?:s|min|h|d|w) ago)\b/g, '<ago>')
}

import { Worker } from 'node:worker_threads'
import { findEntryPoint, findOwnIndex } from './entry-points.ts'
import type { Evaluation } from './evaluate-worker.ts'
import type { AllowedFile, ImportRequest } from './import-code.ts'
import { hasFields, isListOf, isNumber, isOneOf, isText, orNull } from '../files/shape.ts'
import { failedConfig, invalidConfig } from './problem.ts'
import { type PlainValue, toPlainValue } from './plain-value.ts'

export interface EvaluateOptions {
  /** Milliseconds. */
  readonly timeLimit: number
}

/**
 * What a TypeScript or JavaScript config exports. It is evaluated in a worker thread, so that it can neither hang nor
 * end this process, nor write into its answer.
 * @throws FlightRulesError CONFIG_FAILED, CONFIG_TIMEOUT, CONFIG_INVALID (no object exported).
 */
export async function evaluateConfig(
  source: AllowedFile,
  files: readonly AllowedFile[],
  options: EvaluateOptions,
): Promise<PlainValue> {
  const evaluation = await runWorker(
    source,
    {
      file: source.file,
      files: files.map(({ file, path, sha256 }) => ({ file, path, sha256 })),
      self: findOwnIndex(),
    },
    options.timeLimit,
  )
  // a config could post an answer of its own: it is copied once more, by code it could not change
  if (evaluation.kind === 'value') return mergeProblems(toPlainValue(evaluation.value), evaluation)
  if (evaluation.kind === 'failed') {
    throw failedConfig(evaluation.file ?? source.path, evaluation.line ?? undefined, evaluation.reason)
  }
  throw invalidConfig(source.path, [
    {
      path: '',
      message: `exports ${evaluation.what}; it has to export an object by default: \`export default defineConfig({ … })\``,
    },
  ])
}

function runWorker(source: AllowedFile, request: ImportRequest, timeLimit: number): Promise<Evaluation> {
  const entry = findEntryPoint('evaluate-worker')
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry.file, {
      argv: [...entry.args],
      workerData: request,
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    // Read and dropped: a config that prints must not write into an answer.
    worker.stdout.resume()
    worker.stderr.resume()
    const timer = setTimeout(() => {
      settle(() =>
        reject(
          failedConfig(
            source.path,
            undefined,
            `it did not finish within ${timeLimit / 1000} s; a config must not loop or wait`,
            'CONFIG_TIMEOUT',
          ),
        ),
      )
    }, timeLimit)
    const settle = (answer: () => void): void => {
      clearTimeout(timer)
      worker.removeAllListeners()
      worker.on('error', () => {})
      void worker.terminate().finally(answer)
    }
    worker.once('message', (answer: unknown) =>
      settle(() =>
        isEvaluation(answer) ? resolve(answer) : reject(failedConfig(source.path, undefined, 'it answered in our place')),
      ),
    )
    worker.once('error', (error) => settle(() => reject(failedConfig(source.path, undefined, describeDeath(error)))))
    worker.once('exit', (status) =>
      settle(() =>
        reject(failedConfig(source.path, undefined, `it ended its own process (status ${status}) before it exported anything`)),
      ),
    )
  })
}

function mergeProblems(copied: PlainValue, { functions, problems }: PlainValue): PlainValue {
  return { value: copied.value, functions, problems: [...problems, ...copied.problems] }
}

const isEvaluation = (value: unknown): value is Evaluation =>
  [
    hasFields({
      kind: isOneOf('value'),
      functions: isListOf(isText),
      problems: isListOf(hasFields({ path: isText, message: isText })),
    }),
    hasFields({ kind: isOneOf('not-an-object'), what: isText }),
    hasFields({ kind: isOneOf('failed'), reason: isText, file: orNull(isText), line: orNull(isNumber) }),
  ].some((check) => check(value))

function describeDeath(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return 'it used more memory than a config may (512 MB)'
  return error instanceof Error ? error.message : String(error)
}

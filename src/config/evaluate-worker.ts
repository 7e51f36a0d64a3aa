/** Bundle entry: evaluates one config file in a worker thread and posts what it exported, as plain data. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ImportRequest, importCode } from './import-code.ts'
import { describeFailure, type Failure } from './failure.ts'
import { nameKind, type PlainValue, toPlainValue } from './plain-value.ts'

/** What the worker posts, once. */
export type Evaluation =
  | ({ readonly kind: 'value' } & PlainValue)
  /** The default export is no object; `what` names what it is. */
  | { readonly kind: 'not-an-object'; readonly what: string }
  | ({ readonly kind: 'failed' } & Failure)

async function evaluate(request: ImportRequest): Promise<Evaluation> {
  try {
    const exported = await importCode(request)
    if (exported.kind === 'none') {
      const names = exported.names.length === 0 ? 'nothing' : `${exported.names.join(', ')} but no default`
      return { kind: 'not-an-object', what: names }
    }
    const what = nameKind(exported.value)
    return what === 'an object' ? { kind: 'value', ...toPlainValue(exported.value) } : { kind: 'not-an-object', what }
  } catch (error) {
    return { kind: 'failed', ...describeFailure(error, request.file) }
  }
}

void evaluate(workerData as ImportRequest).then((evaluation) => parentPort?.postMessage(evaluation))

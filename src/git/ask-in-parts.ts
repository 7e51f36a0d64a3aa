import { FlightRulesError } from '../errors.ts'

/**
 * Asks everything at once; where that fails, each half by itself, and so on: a question git cannot answer takes no other's answer along.
 * @param ask gives one answer a question, in their order.
 * @returns in the questions' order the answer, or why there is none.
 * @throws what stops everything: an interruption.
 */
export async function askInParts<Q, A>(
  questions: readonly Q[],
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
): Promise<(A | Error)[]> {
  if (questions.length === 0) return []
  try {
    return [...(await ask(questions))]
  } catch (error) {
    const reason = requireBearable(error)
    if (questions.length === 1) return [reason]
    const half = questions.length >> 1
    return [...(await askInParts(questions.slice(0, half), ask)), ...(await askInParts(questions.slice(half), ask))]
  }
}

/** @throws the error itself where it is to end everything. */
export function requireBearable(error: unknown): Error {
  if (!(error instanceof Error) || (error instanceof FlightRulesError && error.kind === 'interrupted')) throw error
  return error
}

import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { toFlightRulesError } from '../unexpected-error.ts'

/** As the protocol has it for a resource that is not there; the SDK has no name for it. */
const notFound = -32002

const absent: readonly string[] = ['SESSION_NOT_FOUND', 'NO_SESSION_LOG']

/** A refusal of ours as an error of the protocol, with its code and hint beside it. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (caught) {
    const { code, message, hint, details } = toFlightRulesError(caught)
    throw new McpError(absent.includes(code) ? notFound : ErrorCode.InternalError, message, { code, hint, details })
  }
}

export function unknownResource(uri: string): McpError {
  return new McpError(notFound, `there is no resource ${JSON.stringify(uri)}; resources/list has those there are`, { uri })
}

import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Invocation } from '../../commands/command.ts'
import type { Desk } from './desk.ts'
import { listLogs, readLog } from './log-resource.ts'
import { readManifest } from './manifest-resource.ts'
import { refusing, unknownResource } from './resource-error.ts'

const manifest = {
  uri: 'flightrules://manifest',
  name: 'manifest',
  description: 'All active sessions, as the manifest in the sessions directory has them.',
  mimeType: 'application/json',
}

const logTemplate = {
  uriTemplate: 'flightrules://sessions/{id}/log',
  name: 'session log',
  description: "A session's log: goals, plan, summary, decisions, next steps.",
  mimeType: 'text/markdown',
}

/** The manifest and each session's log, of the repository the server was started in. */
export function offerResources({ server, program, carryOut }: Desk, invocation: Invocation): void {
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [logTemplate] }))
  server.setRequestHandler(ListResourcesRequestSchema, async (_, { signal: cancelled }) => {
    const logs = await carryOut((signal) => refusing(() => listLogs(program, signal)), cancelled)
    return { resources: [manifest, ...logs] }
  })
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, { signal: cancelled }) => {
    const id = findId(uri)
    if (uri !== manifest.uri && id === undefined) throw unknownResource(uri)
    const { mimeType } = id === undefined ? manifest : logTemplate
    const read = (signal: AbortSignal): Promise<string> =>
      id === undefined ? readManifest(program, { ...invocation, signal }) : readLog(id, program, signal)
    return { contents: [{ uri, mimeType, text: await carryOut((signal) => refusing(() => read(signal)), cancelled) }] }
  })
}

function findId(uri: string): string | undefined {
  const written = /^flightrules:\/\/sessions\/([^/?#]+)\/log$/.exec(uri)?.[1]
  try {
    return written === undefined ? undefined : decodeURIComponent(written)
  } catch {
    throw unknownResource(uri)
  }
}

import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { packedPackage } from './packed-package.ts'
import type { JsonAnswer } from './run-cli.ts'

export interface McpServer {
  readonly client: Client
  /** The document a tool answers with. */
  call(name: string, input?: Record<string, unknown>, signal?: AbortSignal): Promise<JsonAnswer & { isError: boolean }>
  close(): Promise<void>
}

export interface McpServerOptions {
  /** Another installation than the packed one. */
  readonly root?: string
  readonly flags?: readonly string[]
}

/** The packed binary's `mcp`, with the protocol's own client at the other end. */
export async function startMcpServer(
  cwd: string,
  env: Readonly<Record<string, string>>,
  { root = packedPackage(), flags = [] }: McpServerOptions = {},
): Promise<McpServer> {
  const client = new Client({ name: 'test', version: '1' })
  const args = [join(root, 'dist', 'cli.cjs'), ...flags, 'mcp']
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd, env: { ...env }, stderr: 'ignore' }))
  return {
    client,
    async call(name, input = {}, signal) {
      const answer = await client.callTool({ name, arguments: input }, undefined, signal === undefined ? {} : { signal })
      const [content] = answer.content as { text: string }[]
      if (JSON.stringify(answer.structuredContent) !== content?.text) throw new Error('the text is not the document')
      return { ...(answer.structuredContent as unknown as JsonAnswer), isError: answer.isError === true }
    },
    close: () => client.close(),
  }
}

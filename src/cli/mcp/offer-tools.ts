import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'
import { answerSchema } from './answer-schema.ts'
import { callTool } from './call-tool.ts'
import type { Desk } from './desk.ts'
import { tools } from './tools.ts'

const outputSchema = { ...z.toJSONSchema(answerSchema), type: 'object' as const }

/** Lists the tools, and answers each call with the document of its command: as text, and as structured content. */
export function offerTools({ server, program, carryOut }: Desk): void {
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, description, input, annotations }) => ({
      name,
      description,
      annotations,
      inputSchema: { ...z.toJSONSchema(input), type: 'object' as const },
      outputSchema,
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal: cancelled }) => {
    const tool = tools.find(({ name }) => name === params.name)
    if (tool === undefined) {
      const known = tools.map(({ name }) => name).join(', ')
      throw new McpError(ErrorCode.InvalidParams, `there is no tool ${JSON.stringify(params.name)}; there are ${known}`)
    }
    const answer = await carryOut((signal) => callTool({ tool, input: params.arguments, signal }, program), cancelled)
    return {
      content: [{ type: 'text', text: JSON.stringify(answer) }],
      structuredContent: answer,
      isError: answer['ok'] !== true,
    }
  })
}

import { type AgentCall, type AgentHandler, findText, nothingToSay } from './agent-call.ts'
import { findPlace, noteAgent } from './place.ts'

const editors = new Set(['Edit', 'Write', 'MultiEdit', 'NotebookEdit'])

/** The agent is about to use a tool: files others are at and commands that would take their work away are looked at, the rest is not. */
export const preToolUse: AgentHandler = async (call) => {
  const tool = findText(call, 'tool_name') ?? ''
  const isShell = tool === 'Bash' || tool === 'PowerShell'
  if (!isShell && !editors.has(tool)) return nothingToSay
  const [place, input] = [await findPlace(call), findInput(call)]
  if (place === undefined) return nothingToSay
  await noteAgent(call, place, 'working').catch(() => {})
  if (isShell) {
    const script = findText(input, 'command')
    if (script === undefined) return nothingToSay
    const { guardShell } = await import('./guard-shell.ts')
    return guardShell(call, place, script, tool === 'Bash' ? 'posix' : 'powershell')
  }
  const path = findText(input, 'file_path') ?? findText(input, 'notebook_path')
  if (path === undefined) return nothingToSay
  const { guardEdit } = await import('./guard-edit.ts')
  return guardEdit(call, place, path)
}

function findInput({ fields }: AgentCall): Pick<AgentCall, 'fields'> {
  const input = fields['tool_input']
  return { fields: typeof input === 'object' && input !== null ? { ...input } : {} }
}

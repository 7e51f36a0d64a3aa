import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { OwnProgram } from './run-own-command.ts'

/** What the server is asked over, and how it has things done. */
export interface Desk {
  readonly server: Server
  readonly program: OwnProgram
  /** Work the server does not end before; its signal is aborted by the client's cancelling and by the server's end. */
  carryOut<T>(work: (signal: AbortSignal) => Promise<T>, cancelled: AbortSignal): Promise<T>
}
